// What a stranger may try with the addresses of the booking pages: secrets that are too long, holds that
// are planted on somebody else, unknown fields without end.
import { start, makeClient } from './server.mjs'

let passed = 0
let failed = 0
const check = (name, ok, detail = '') => {
  ok ? passed++ : failed++
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok ? '' : ` ${detail}`}`)
}
const server = await start()
const send = makeClient(server.port)
const form = (fields) => ({ body: new URLSearchParams(fields).toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: server.url } })
const services = (await send('GET', '/api/v1/services')).json.services
const service = services[0].id
const slots = (await send('GET', `/api/v1/availability?service=${service}&from=2026-03-09&to=2026-03-20`)).json.slots
const alive = async () => (await send('GET', '/healthz')).status === 200

const long = 'a' + '+'.repeat(3700) + 'a'
const at = encodeURIComponent(slots[0].start)
for (const path of [`/book/${service}?hold=${long}`, `/book/${service}/details?start=${at}&hold=${long}`, `/b/${'x'.repeat(3000)}`]) {
  const answer = await send('GET', path).catch((error) => ({ status: String(error) }))
  check(`a secret that is too long: GET ${path.slice(0, 30)}...`, Number(answer.status) < 500 && await alive(), answer.status)
}
const huge = '€'.repeat(6000)
for (const path of [`/book/${service}`, `/book/${service}/hold`, `/book/${service}/renew`]) {
  const answer = await send('POST', path, form({ start: slots[0].start, hold: huge, name: 'x', email: 'x' })).catch((error) => ({ status: String(error) }))
  check(`a secret that is too long: POST ${path}`, Number(answer.status) < 500 && await alive(), answer.status)
}

const free = slots[slots.length - 1].start
// Somebody books through an address that another has made up: the other must not be led to the booking.
const planted = `/book/${service}/details?start=${encodeURIComponent(free)}&hold=evil`
const page = await send('GET', planted)
const cookie = (page.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')
const mine = form({ start: free, hold: 'evil', name: 'Rosa', email: 'rosa@example.org' })
mine.headers.Cookie = cookie
const booked = await send('POST', `/book/${service}`, mine)
check('who was sent there can book', booked.status === 303 && booked.headers.location.startsWith('/b/'), `${booked.status} ${booked.headers.location}`)
const again = await send('POST', `/book/${service}`, mine)
check('and sending the form twice is one booking', again.status === 303 && again.headers.location === booked.headers.location, again.status)
const other = await send('GET', planted)
check('who made the address up is not led to it', !String(other.headers.location).startsWith('/b/') && !other.text.includes('rosa@example.org'), other.headers.location)
const theirs = await send('POST', `/book/${service}`, form({ start: free, hold: 'evil', name: 'Eve', email: 'eve@example.org' }))
check('nor by sending the form', theirs.status === 409 || (theirs.status === 303 && theirs.headers.location !== booked.headers.location), `${theirs.status} ${theirs.headers.location}`)

await server.stop()
const data = server.run(['check'])
check('the data hold', data.code === 0, data.stderr)
server.remove()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
