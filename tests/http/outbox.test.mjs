// The outbox from booking to the mail server, which is a real process: sent once, tried again later,
// given up, and never sent twice when the server dies while sending.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start, root } from './server.mjs'
import { createRequire } from 'node:module'
const ICAL = createRequire(join(root, 'tests/'))('ical.js')

let passed = 0
let failed = 0
const check = (name, ok, detail = '') => {
  ok ? passed++ : failed++
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok ? '' : ` ${detail}`}`)
}
const folder = mkdtempSync(join(tmpdir(), 'balm-sink-'))
const until = async (what, condition, ms = 15000) => {
  const end = Date.now() + ms
  while (Date.now() < end) {
    if (await condition()) return true
    await new Promise((r) => setTimeout(r, 50))
  }
  console.log(`waited in vain: ${what}`)
  return false
}
const sink = spawn(process.execPath, [join(root, 'tests/http/smtp_sink.mjs'), folder])
const port = await new Promise((resolve) => sink.stdout.once('data', (d) => resolve(Number(String(d).split(' ')[1]))))
const letters = () => readdirSync(folder).filter((f) => f.endsWith('.eml')).map((f) => readFileSync(join(folder, f), 'utf8'))
const lettersTo = (address) => letters().filter((l) => l.includes(`<${address}>`) || l.includes(`To: ${address}`))
const commands = () => { try { return readFileSync(join(folder, 'commands.log'), 'utf8') } catch { return '' } }
const args = ['--mail', `smtp://127.0.0.1:${port}`]

let server = await start({ args })
let monday = '2026-03-09'
const availability = async (from) => (await (await fetch(`${server.url}/api/v1/availability?service=${service}&from=${from}&to=${from}`)).json()).slots
const service = (await (await fetch(`${server.url}/api/v1/services`)).json()).services[0].id
const slots = []
for (let day = 9; day < 28 && slots.length < 12; day++) {
  const of = await availability(`2026-03-${String(day).padStart(2, '0')}`)
  if (of.length) slots.push(of[0], of[of.length - 1])
}
const book = async (email, name = 'Zoë Núñez') => {
  const res = await fetch(`${server.url}/api/v1/bookings`, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ service, start: slots.shift().start, client: { name, email } }) })
  if (res.status !== 201) throw new Error(`booking ${email}: ${res.status} ${await res.text()}`)
  return res.json()
}
const boundaryPart = (letter, type) => {
  const at = letter.indexOf(`Content-Type: ${type}`)
  const body = letter.slice(letter.indexOf('\r\n\r\n', at) + 4)
  const head = letter.slice(at, letter.indexOf('\r\n\r\n', at))
  const text = body.slice(0, body.search(/\r\n--/))
  if (/base64/i.test(head) || /base64/i.test(letter.slice(letter.lastIndexOf('--', at), at))) return Buffer.from(text, 'base64').toString()
  return text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, h) => '%' + h).replace(/(%[0-9A-F]{2})+/g, (m) => decodeURIComponent(m))
}

// 1. A booking is confirmed by one letter with an invitation.
const first = await book('rosa@example.org')
check('the confirmation arrives', await until('letter', () => lettersTo('rosa@example.org').length === 1))
let letter = lettersTo('rosa@example.org')[0] ?? ''
const component = (text) => new ICAL.Component(ICAL.parse(text))
const event = (l) => { const c = component(boundaryPart(l, 'text/calendar')); return { method: c.getFirstPropertyValue('method'), e: new ICAL.Event(c.getFirstSubcomponent('vevent')), zone: c.getAllSubcomponents('vtimezone').length } }
let invitation = event(letter)
check('it invites', invitation.method === 'REQUEST' && invitation.e.sequence === 0, invitation.method)
check('the invitation carries its time zone', invitation.zone === 1)
check('the letter links to the booking', boundaryPart(letter, 'text/plain').includes('/b/' + first.manage_token))

// 2. Moved and cancelled: the same UID, a higher SEQUENCE, CANCEL at the end.
const auth = { authorization: `Bearer ${first.manage_token}`, 'content-type': 'application/json' }
const move = await fetch(`${server.url}/api/v1/bookings/${first.id}/reschedule`, { method: 'POST', headers: auth, body: JSON.stringify({ start: slots.pop().start }) })
check('the booking moves', move.status === 200, `${move.status} ${await move.text()}`)
await until('second letter', () => lettersTo('rosa@example.org').length === 2)
await fetch(`${server.url}/api/v1/bookings/${first.id}/cancel`, { method: 'POST', headers: auth, body: '{}' })
await until('third letter', () => lettersTo('rosa@example.org').length === 3)
const told = lettersTo('rosa@example.org').map(event).sort((a, b) => a.e.sequence - b.e.sequence)
check('three letters tell of one event', new Set(told.map((t) => t.e.uid)).size === 1 && told.map((t) => t.e.sequence).join() === '0,1,2')
check('the last one cancels', told[2]?.method === 'CANCEL')

// 3. Refused for good: one try, and it stands as failed.
await book('rcpt-550@example.org')
check('a refusal is tried once', await until('refusal', () => (commands().match(/RCPT TO:<rcpt-550@/g) ?? []).length === 1))

// 4. Refused for now: tried again after the delay, not before.
await book('rcpt-450@example.org')
await until('first try', () => commands().includes('rcpt-450@'))
await new Promise((r) => setTimeout(r, 1500))
check('a temporary refusal is not hurried', (commands().match(/RCPT TO:<rcpt-450@/g) ?? []).length === 1)
await server.stop()
const dir = server.dir
server = await start({ dir, args, clock: '2026-03-01T13:30:00Z' })
check('it is tried again later', await until('second try', () => (commands().match(/RCPT TO:<rcpt-450@/g) ?? []).length >= 2))

// 5. The mail server never says whether it took the letter, and Balm is killed meanwhile.
await book('end-hang@example.org')
await until('data sent', () => lettersTo('end-hang@example.org').length === 1 || commands().includes('end-hang@'))
await new Promise((r) => setTimeout(r, 800))
server.kill()
await new Promise((r) => setTimeout(r, 300))
const tries = () => (commands().match(/RCPT TO:<end-hang@/g) ?? []).length
const before = tries()
server = await start({ dir, args, clock: '2026-03-02T13:30:00Z' })
await book('after@example.org')
check('mail goes on after the crash', await until('after', () => lettersTo('after@example.org').length === 1))
await new Promise((r) => setTimeout(r, 1000))
check('what may have been sent is not sent again', before === 1 && tries() === 1, `${before} then ${tries()}`)

// 6. Nothing was sent twice, nothing is lost, the data hold.
const ids = letters().map((l) => /^Message-ID: (.*)$/mi.exec(l)?.[1])
check('no letter came twice', new Set(ids).size === ids.length)
await server.stop()
const verified = server.run(['check'])
check('balm check holds', verified.code === 0, verified.stderr)
sink.kill()
rmSync(folder, { recursive: true, force: true })
server.remove()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
