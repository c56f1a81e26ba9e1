// How clients say how they are: from the letter to the answer and its correction, the rhythm and the stop
// of RFC 8058, ratings around a session, answers that were kept offline; and what nobody may read.
// usage: BALM=path/to/balm node checkin.test.mjs
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { balmPath, start } from './server.mjs'

let passed = 0
let failed = 0
async function test(name, body) {
  try {
    await body()
    passed++
  } catch (error) {
    failed++
    console.log(`FAILED ${name}\n  ${String(error.stack ?? error).split('\n').slice(0, 8).join('\n  ')}`)
  }
}

const MAIL = 'mara@mail.example'
const ACTIVITY = 'climbing the lighthouse stairs'
const seedProgram = path.join(path.dirname(balmPath()), '../tests/http/care_seed')
const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

let server

function ask(method, target, { form, json, raw, headers = {} } = {}) {
  const body = raw ?? (form ? new URLSearchParams(form).toString() : json ? JSON.stringify(json) : undefined)
  const all = { 'Accept-Language': 'en', ...headers }
  if (form) all['Content-Type'] = 'application/x-www-form-urlencoded'
  if (json) all['Content-Type'] = 'application/json'
  if (body !== undefined) all['Content-Length'] = Buffer.byteLength(body)
  return new Promise((done, fail) => {
    const req = http.request(server.url + target, { method, headers: all, agent: false }, (res) => {
      const parts = []
      res.on('data', (part) => parts.push(part))
      res.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        done({ status: res.statusCode, headers: res.headers, text, words: text.replace(/<[^>]*>/g, ' ').replace(/&#39;/g, '’').replace(/\s+/g, ' ') })
      })
    })
    req.on('error', fail)
    req.end(body)
  })
}
const get = (target, headers) => ask('GET', target, { headers })
const post = (target, form, headers = { Origin: server.url }) => ask('POST', target, { form, headers })
const entryOf = (page) => /name="entry" value="([^"]+)"/.exec(page.text)[1]
const seed = (clock, ...args) => {
  const done = spawnSync(seedProgram, [server.db, ...args], { env: { ...process.env, BALM_CLOCK: clock }, encoding: 'utf8' })
  assert.equal(done.status, 0, done.stderr)
  return done.stdout.trim()
}
const sql = (query) => {
  const done = spawnSync('sqlite3', ['-readonly', '-json', path.join(server.dir, 'balm.db'), query], { encoding: 'utf8' })
  assert.equal(done.status, 0, done.stderr)
  return done.stdout.trim() ? JSON.parse(done.stdout) : []
}
const entries = () => sql('SELECT checkin_id AS id, at_us AS at, received_us AS received, kind, spontaneous, prompt_id AS prompt, booking_id AS booking FROM checkin ORDER BY checkin_id')
const restart = async (clock, more = {}) => {
  const dir = server.dir
  await server.stop()
  server = await start({ dir, clock, ...more })
}

/** The newest letter whose headers say `header`: {headers, token}. */
function newestLetter() {
  const folder = path.join(server.dir, 'mail')
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.eml')).sort() : []
  const all = names.map((name) => {
    const headers = fs.readFileSync(path.join(folder, name), 'utf8').split(/\r?\n\r?\n/)[0].replace(/\r?\n[ \t]+/g, ' ')
    return { headers, token: /\/c\/([A-Za-z0-9_-]{27})\/stop/.exec(headers)?.[1] }
  })
  return all.filter((letter) => letter.token).at(-1)
}
async function letterAfter(old) {
  for (let i = 0; i < 400; i++) {
    const letter = newestLetter()
    if (letter && letter.token !== old) return letter
    await sleep(50)
  }
  throw new Error('no letter came')
}

async function bookSession(start, email = MAIL, name = 'Mara Voss') {
  const answer = await ask('POST', '/api/v1/bookings', { json: { service: 'relief-60', start, client: { name, email } } })
  assert.equal(answer.status, 201, answer.text)
  return JSON.parse(answer.text)
}

server = await start({ clock: '2026-03-02T12:00:00Z' })
const owner = { email: 'owner@harbour.example', password: 'a long enough password' }
const madeUser = server.run(['user', 'add', owner.email, '--practice', 'harbour-hands', '--role', 'owner'], `${owner.password}\n`)
assert.equal(madeUser.code, 0, madeUser.stderr)
await bookSession('2026-03-05T10:00:00-05:00')
await bookSession('2026-03-05T14:00:00-05:00', 'tom@mail.example', 'Tom Eriksen')
await server.stop()
seed('2026-03-02T12:00:00Z', MAIL, '7', 'tension,stress,sleep_hours', ACTIVITY)
server = await start({ dir: server.dir, clock: '2026-03-03T00:59:57Z', env: { BALM_LOG_DEBUG: '1' } }) // three seconds before eight in the evening
const letter = await letterAfter()
const link = `/c/${letter.token}`
let norasToken // whose letter is not answered
let noted // where the thanks for the first answer stand

await test('a letter asks, with a stop of one click', async () => {
  assert.match(letter.headers, /List-Unsubscribe: *<[^>]*\/c\/[A-Za-z0-9_-]{27}\/stop>/i)
  assert.match(letter.headers, /List-Unsubscribe-Post: *List-Unsubscribe=One-Click/i)
})

await test('the page asks what the plan asks, and goes nowhere', async () => {
  const page = await get(link)
  assert.equal(page.status, 200)
  assert.equal(page.headers['cache-control'], 'no-store')
  assert.equal(page.headers['referrer-policy'], 'no-referrer')
  assert.match(page.headers['content-security-policy'], /worker-src 'self'/)
  for (let n = 0; n <= 10; n++) assert.match(page.text, new RegExp(`type="radio" name="pain" value="${n}"`))
  for (const name of ['tension', 'stress', 'activity_1']) assert.match(page.text, new RegExp(`name="${name}" value="7"`))
  assert.match(page.text, /<select id="sleep_hours"/)
  assert.match(page.text, /<option value="6\.50">/)
  assert.doesNotMatch(page.text, /name="numbness"|name="sleep_quality"/)
  assert.match(page.words, new RegExp(ACTIVITY))
  assert.match(page.words, /Monday evening/)
  assert.match(page.words, /no pain/)
  const spanish = await get(`${link}?lang=es`)
  assert.match(spanish.words, /¿Qué tan fuerte es su dolor ahora\?/)
  assert.equal(entries().length, 0, 'looking changes nothing')
})

await test('what is missing or wrong is named, what was chosen stays', async () => {
  const page = await get(link)
  const missing = await post(link, { entry: entryOf(page), tension: '4' })
  assert.equal(missing.status, 422)
  assert.match(missing.words, /Please choose a number from 0 to 10 for your pain/)
  assert.match(missing.text, /name="tension" value="4" checked/)
  assert.equal(entryOf(missing), entryOf(page), 'the entry stays the same one')
  for (const bad of [{ pain: '11' }, { pain: '-1' }, { pain: '4.5' }, { pain: 'four' }, { pain: '5', sleep_hours: '17' }, { pain: '5', sleep_hours: '6.6' }, { pain: '5', stress: '99999' }]) {
    const answer = await post(link, { entry: entryOf(page), ...bad })
    assert.equal(answer.status, 422, JSON.stringify(bad))
    assert.match(answer.words, /Nothing is noted yet/)
  }
  assert.equal(entries().length, 0)
})

await test('an answer is noted once, and answers the letter', async () => {
  const page = await get(link)
  const form = { entry: entryOf(page), pain: '6', tension: '4', sleep_hours: '6.50', activity_1: '3' }
  const first = await post(link, form)
  assert.equal(first.status, 303, first.words)
  assert.match(first.headers.location, new RegExp(`^${link}/thanks\\?e=\\d+$`))
  const again = await post(link, form)
  assert.equal(again.headers.location, first.headers.location, 'a double tap')
  assert.deepEqual(entries().map((e) => [e.kind, e.spontaneous]), [[0, 0]])
  assert.ok(entries()[0].prompt)
  noted = first.headers.location
  const thanks = await get(noted)
  assert.equal(thanks.status, 200)
  assert.match(thanks.words, /Pain 6 Tension 4/)
  assert.match(thanks.words, /6\.5 h/)
  assert.match(thanks.words, new RegExp(`${ACTIVITY} 3`))
  assert.doesNotMatch(thanks.words, /medical help/)
})

await test('a second answer of the same day is the client’s own', async () => {
  const page = await get(link)
  const answer = await post(link, { entry: entryOf(page), pain: '7' }, {}) // neither origin nor cookie
  assert.equal(answer.status, 303)
  assert.deepEqual(entries().map((e) => e.spontaneous), [0, 1])
})

await test('an old browser that hides where it comes from may answer, another site may not', async () => {
  const form = { entry: entryOf(await get(link)), pain: '7' }
  assert.equal((await post(link, form, { Origin: 'https://evil.example' })).status, 403)
  assert.equal((await post(link, form, { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' })).status, 403)
  assert.equal((await post('/b/x/cancel', form, { Origin: 'null', Cookie: '__Host-session=abc' })).status, 403, 'where cookies count')
  assert.equal((await post(link, form, { Origin: 'null', Cookie: '__Host-my=abc' })).status, 303)
})

await test('a correction keeps the first value', async () => {
  const id = /e=(\d+)/.exec(noted)[1]
  const page = await get(`${link}/entries/${id}`)
  assert.equal(page.status, 200)
  assert.match(page.text, /name="pain" value="6" checked/)
  assert.equal((await post(`${link}/entries/${id}`, { tension: '4' })).status, 422, 'pain must be there')
  const changed = await post(`${link}/entries/${id}`, { pain: '5', tension: '4' })
  assert.equal(changed.status, 303)
  assert.match((await get(changed.headers.location)).words, /Pain 5 Tension 4/)
  const rows = sql(`SELECT count(*) AS n FROM checkin_correction WHERE checkin_id = ${id}`)
  assert.equal(rows[0].n, 1)
  assert.equal(sql(`SELECT length(sealed) > 0 AS kept FROM checkin WHERE checkin_id = ${id}`)[0].kept, 1)
  const mistake = await post(`${link}/entries/3`, { mistake: '1' })
  assert.equal(mistake.status, 303)
  assert.match((await get(mistake.headers.location)).words, /does not count any more/)
  for (const unknown of ['999', '0', 'x', '-1']) {
    assert.equal((await get(`${link}/entries/${unknown}`)).status, 404)
    assert.equal((await post(`${link}/entries/${unknown}`, { pain: '1' })).status, 404)
  }
})

await test('links that lead nowhere say so kindly', async () => {
  const wrong = letter.token.slice(0, 5) + (letter.token[5] === 'A' ? 'B' : 'A') + letter.token.slice(6)
  for (const token of [wrong, 'short', 'x'.repeat(27), 'y'.repeat(500)]) {
    for (const place of ['', '/thanks', '/rhythm', '/stop', '/entries/1']) {
      const page = await get(`/c/${token}${place}`)
      assert.equal(page.status, 404, `${token}${place}`)
      assert.match(page.words, /This link has ended/)
      assert.match(page.text, /href="\/my"/)
      assert.match(page.words, /\+1 555 0100/)
      assert.equal(page.headers['cache-control'], 'no-store')
    }
    for (const place of ['', '/rhythm', '/stop', '/page', '/entries/1']) assert.equal((await post(`/c/${token}${place}`, { pain: '1' })).status, 404)
    assert.equal((await get(`/r/${token}`)).status, 404)
  }
})

await test('nobody else’s entry can be seen or changed', async () => {
  await server.stop()
  seed('2026-03-03T02:00:00Z', 'nora@mail.example', '7', 'tension')
  server = await start({ dir: server.dir, clock: '2026-03-04T00:59:57Z' })
  let other
  for (let i = 0; i < 400 && !other; i++) {
    const folder = path.join(server.dir, 'mail')
    other = fs.readdirSync(folder).filter((n) => n.endsWith('.eml')).map((n) => fs.readFileSync(path.join(folder, n), 'utf8'))
      .find((text) => /To:[^\n]*nora@/i.test(text))
    if (!other) await sleep(50)
  }
  const token = /\/c\/([A-Za-z0-9_-]{27})\/stop/.exec(other.replace(/\r?\n[ \t]+/g, ' '))[1]
  norasToken = token
  assert.equal((await get(`/c/${token}/entries/1`)).status, 404)
  assert.equal((await post(`/c/${token}/entries/1`, { mistake: '1' })).status, 404)
  const thanks = await get(`/c/${token}/thanks?e=1`)
  assert.equal(thanks.status, 200)
  assert.doesNotMatch(thanks.words, /Pain 5/)
})

await test('the rhythm is thinned out in one tap', async () => {
  const page = await get(`${link}/rhythm`)
  assert.equal(page.status, 200)
  assert.match(page.words, /Now: 7 evenings a week and around your sessions, at 8:00 PM/)
  const tap = await post(`${link}/rhythm`, { per_week: '2' })
  assert.equal(tap.status, 303)
  assert.match((await get(tap.headers.location)).words, /Now: 2 evenings a week/)
  await post(`${link}/rhythm`, { evening: '1290' })
  assert.match((await get(`${link}/rhythm`)).words, /Now: 2 evenings a week and around your sessions, at 9:30 PM/)
  await post(`${link}/rhythm`, { per_week: '0' })
  assert.match((await get(`${link}/rhythm`)).words, /only around your sessions/)
  assert.equal((await post(`${link}/rhythm`, { per_week: 'now' })).status, 303)
  for (const bad of [{ per_week: '8' }, { per_week: '' }, { evening: '1440' }, { evening: 'x' }]) assert.equal((await post(`${link}/rhythm`, bad)).status, 422)
  assert.equal(sql('SELECT per_week FROM care_plan ORDER BY client_id LIMIT 1')[0].per_week, 0)
})

await test('one click stops, as RFC 8058 has it, and one tap begins again', async () => {
  const stop = await get(`${link}/stop`)
  assert.match(stop.words, /Stop asking you\?/)
  assert.equal(sql('SELECT state FROM care_plan ORDER BY client_id LIMIT 1')[0].state, 1, 'looking stops nothing')
  const click = await post(`${link}/stop`, { 'List-Unsubscribe': 'One-Click' }, {})
  assert.equal(click.status, 200)
  assert.equal(click.headers.location, undefined)
  assert.equal(sql('SELECT state FROM care_plan ORDER BY client_id LIMIT 1')[0].state, 2)
  assert.equal((await post(`${link}/stop`, { 'List-Unsubscribe': 'One-Click' }, {})).status, 200, 'twice is harmless')
  await post(`${link}/rhythm`, { per_week: '2' })
  const parts = await ask('POST', `${link}/stop`, { raw: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n', headers: { 'Content-Type': 'multipart/form-data; boundary=x' } })
  assert.equal(parts.status, 200, 'in the other encoding')
  assert.equal(sql('SELECT state FROM care_plan ORDER BY client_id LIMIT 1')[0].state, 2)
  assert.match((await get(`${link}/rhythm`)).words, /We do not ask you at present/)
  await post(`${link}/rhythm`, { per_week: '2' })
  assert.equal(sql('SELECT state FROM care_plan ORDER BY client_id LIMIT 1')[0].state, 1)
  const tap = await post(`${link}/stop`, {})
  assert.equal(tap.status, 303)
  assert.match((await get(tap.headers.location)).words, /We do not ask you any more/)
  await post(`${link}/rhythm`, { per_week: '7' })
})

await test('the link opens the client’s page', async () => {
  const go = await post(`${link}/page`, {})
  assert.equal(go.status, 303)
  assert.equal(go.headers.location, '/my')
  assert.match(go.headers['set-cookie'].join(), /__Host-my=[^;]+; Path=\/; Secure; HttpOnly; SameSite=Lax/)
})

// ---- offline ----

const b64 = (bytes) => Buffer.from(bytes).toString('base64url')
async function seal(payload, serverKey, purpose = 'check-in 1') {
  const receiver = Buffer.from(serverKey, 'base64url')
  const pair = crypto.generateKeyPairSync('x25519')
  const sender = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x, 'base64url')
  const peer = crypto.createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x: b64(receiver) } })
  const shared = crypto.diffieHellman({ privateKey: pair.privateKey, publicKey: peer })
  const bits = Buffer.from(crypto.hkdfSync('sha256', shared, Buffer.concat([sender, receiver]), purpose, 44))
  const cipher = crypto.createCipheriv('aes-256-gcm', bits.subarray(0, 32), bits.subarray(32))
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return b64(Buffer.concat([Buffer.from([1]), sender, cipher.update(text), cipher.final(), cipher.getAuthTag()]))
}
const freshKey = () => b64(crypto.randomBytes(20))
const send = (...envelopes) => ask('POST', '/c/sealed', { json: { envelopes }, headers: { Origin: server.url } })
const told = (answer) => { assert.equal(answer.status, 200, answer.text); return JSON.parse(answer.text).entries }
let serverKey

await test('the server’s key stands in the page, at its address and in the shell, and stays', async () => {
  serverKey = JSON.parse((await get('/c/key')).text).key
  assert.equal(Buffer.from(serverKey, 'base64url').length, 32)
  assert.ok((await get(link)).text.includes(`data-key="${serverKey}"`))
  const shell = await get('/c/shell')
  assert.ok(shell.text.includes(`data-key="${serverKey}"`))
  assert.doesNotMatch(shell.text, /Mara|lighthouse|tension/)
  const worker = await get('/c/worker.js')
  assert.match(worker.headers['content-type'], /^text\/javascript/)
})

await test('what was kept offline arrives once, with its time', async () => {
  const before = entries().length
  const entry = { token: letter.token, entry: freshKey(), at: '2026-03-03T18:00:00.000Z', values: { pain: '8', tension: '5' } }
  const sealed = await seal(entry, serverKey)
  assert.deepEqual(told(await send(sealed)), ['noted'])
  assert.deepEqual(told(await send(sealed, await seal(entry, serverKey))), ['noted', 'noted'])
  const all = entries()
  assert.equal(all.length, before + 1)
  assert.equal(all.at(-1).at, Date.parse('2026-03-03T18:00:00Z') * 1000)
  assert.ok(all.at(-1).received > all.at(-1).at)
  assert.equal(all.at(-1).spontaneous, 1, 'the letter was answered before')
})

await test('an answer that was kept is prompted by when it was given', async () => {
  const entry = { token: norasToken, entry: freshKey(), at: '2026-03-04T01:00:01Z', values: { pain: '3' } }
  assert.deepEqual(told(await send(await seal(entry, serverKey), await seal({ ...entry, entry: freshKey() }, serverKey))), ['noted', 'noted'])
  assert.deepEqual(entries().slice(-2).map((e) => e.spontaneous), [0, 1])
  assert.deepEqual(told(await send(await seal({ ...entry, entry: freshKey(), at: '2027-01-01T00:00:00Z' }, serverKey))), ['noted'], 'a phone whose clock is ahead')
  assert.ok(entries().at(-1).at <= entries().at(-1).received)
})

await test('what is no entry is refused, one by one', async () => {
  const before = entries().length
  const good = { token: letter.token, entry: freshKey(), at: '2026-03-03T19:00:00.000Z', values: { pain: '8' } }
  const flip = (text, at) => { const bytes = Buffer.from(text, 'base64url'); bytes[at < 0 ? bytes.length + at : at] ^= 1; return b64(bytes) }
  const sealed = await seal(good, serverKey)
  const bad = [
    '', 'x', sealed.slice(0, 40), flip(sealed, 0), flip(sealed, 5), flip(sealed, 40), flip(sealed, -1),
    await seal(good, serverKey, 'another purpose'), b64(Buffer.concat([Buffer.from([1]), Buffer.alloc(64)])),
    await seal('not json', serverKey), await seal('[]', serverKey), await seal({ ...good, more: 1 }, serverKey),
    await seal({ ...good, values: { pain: 8 } }, serverKey), await seal({ ...good, values: { pain: '11' } }, serverKey),
    await seal({ ...good, values: {} }, serverKey), await seal({ ...good, values: { ppt: '300' } }, serverKey),
    await seal({ ...good, at: '2026-02-01T00:00:00Z' }, serverKey), await seal({ ...good, entry: 'short' }, serverKey),
    await seal({ ...good, token: 'z'.repeat(27) }, serverKey),
  ]
  assert.deepEqual(told(await send(...bad)), bad.map(() => 'refused'))
  assert.equal(entries().length, before)
  assert.deepEqual(told(await send('junk', sealed)), ['refused', 'noted'], 'one does not spoil the other')
  for (const json of [{}, { envelopes: 'x' }, { envelopes: Array(21).fill('x') }]) assert.equal((await ask('POST', '/c/sealed', { json, headers: { Origin: server.url } })).status, 422)
  assert.equal((await ask('POST', '/c/sealed', { json: { envelopes: [] }, headers: { Origin: 'https://evil.example' } })).status, 403)
})

// ---- around a session ----

async function signIn() {
  const answer = await post('/staff/sign-in', owner)
  assert.equal(answer.status, 303, answer.words)
  return /__Host-session=[^;]+/.exec(answer.headers['set-cookie'].join())[0]
}
const bookingId = () => sql('SELECT booking_id AS id FROM booking ORDER BY booking_id LIMIT 1')[0].id
let sessionLink

await test('a session is handed over on its own day only', async () => {
  const cookie = await signIn()
  const id = bookingId()
  assert.doesNotMatch((await get(`/staff/bookings/${id}`, { Cookie: cookie })).words, /Let the client rate/)
  assert.equal((await post(`/staff/bookings/${id}/rating`, {}, { Cookie: cookie, Origin: server.url })).status, 409)
  await restart('2026-03-05T14:50:00Z') // ten minutes before
  const page = await get(`/staff/bookings/${id}`, { Cookie: cookie })
  assert.match(page.words, /Let the client rate/)
  assert.equal((await post(`/staff/bookings/${id}/rating`, {})).status, 303, 'without signing in: to the sign-in')
  const handed = await post(`/staff/bookings/${id}/rating`, {}, { Cookie: cookie, Origin: server.url })
  assert.equal(handed.headers.location, `/staff/bookings/${id}/rating`)
  assert.match((await get(handed.headers.location)).headers.location, /^\/staff\/sign-in/)
  const rating = await get(handed.headers.location, { Cookie: cookie })
  assert.equal(rating.status, 200)
  assert.match(rating.text, /<svg class="qr" role="img"[^>]*aria-label="A QR code/)
  sessionLink = /href="(\/r\/[A-Za-z0-9_-]{27})"/.exec(rating.text)[1]
  const again = await get((await post(`/staff/bookings/${id}/rating`, {}, { Cookie: cookie, Origin: server.url })).headers.location, { Cookie: cookie })
  assert.ok(again.text.includes(sessionLink), 'the same link serves again')
})

await test('before and after are the client’s own, and no value is shown', async () => {
  const before = await get(sessionLink)
  assert.match(before.words, /Before your session/)
  assert.match(before.text, /name="tension"/)
  assert.doesNotMatch(before.text, /name="sleep_hours"|name="activity_1"|href="\/c\/|href="\/my|data-key/)
  assert.equal((await post(sessionLink, { entry: entryOf(before) })).status, 422)
  const form = { entry: entryOf(before), pain: '6', tension: '7' }
  const saved = await post(sessionLink, form)
  assert.equal(saved.status, 303)
  assert.equal((await post(sessionLink, form)).status, 303, 'a double tap')
  const thanks = await get(saved.headers.location)
  assert.match(thanks.words, /You can give the tablet back/)
  assert.doesNotMatch(thanks.text, /type="radio"|href="\/c\/|href="\/my/)
  assert.doesNotMatch(thanks.words, /\b[67]\b/)
  assert.equal(entries().filter((e) => e.kind === 1).length, 1)
  await restart('2026-03-05T15:46:00Z') // fourteen minutes before its end
  const after = await get(sessionLink)
  assert.match(after.words, /After your session/)
  await post(sessionLink, { entry: entryOf(after), pain: '3' })
  const all = entries().filter((e) => e.kind > 0)
  assert.deepEqual(all.map((e) => [e.kind, e.spontaneous, e.booking]), [[1, 0, bookingId()], [2, 0, bookingId()]])
  const late = await post(sessionLink, { entry: freshKey(), pain: '9' })
  assert.equal(late.status, 303, 'all is said already')
  assert.equal(entries().filter((e) => e.kind > 0).length, 2)
  assert.equal((await get(`/c/${sessionLink.slice(3)}`)).status, 404, 'this link shows nothing of the client')
  assert.equal((await get(`/r/${letter.token}`)).status, 404)
  assert.equal((await post(`/r/${letter.token}`, { pain: '1' })).status, 404)
  assert.deepEqual(told(await send(await seal({ token: sessionLink.slice(3), entry: freshKey(), at: '2026-03-05T15:40:00Z', values: { pain: '1' } }, serverKey))), ['refused'])
  await restart('2026-03-05T22:01:00Z') // six hours after its end
  assert.equal((await get(sessionLink)).status, 404)
})

await test('too late, or never held: nothing is taken', async () => {
  const cookie = await signIn()
  const headers = { Cookie: cookie, Origin: server.url }
  const id = bookingId() + 1
  const handed = await get((await post(`/staff/bookings/${id}/rating`, {}, headers)).headers.location, headers)
  const other = /href="(\/r\/[A-Za-z0-9_-]{27})"/.exec(handed.text)[1]
  assert.match((await get(other)).words, /After your session/)
  await restart('2026-03-05T23:01:00Z') // three hours and a minute after its end
  assert.match((await get(other)).words, /This session is over/)
  const count = entries().length
  assert.equal((await post(other, { entry: freshKey(), pain: '1' })).status, 303)
  assert.equal(entries().length, count)
  assert.equal((await post(`/staff/bookings/${id}/status`, { status: 'no-show' }, { ...headers, Origin: server.url })).status, 303)
  assert.equal((await get(other)).status, 404)
})

await test('pain that stays worse is told to the practice, and calmly to the client', async () => {
  await restart('2026-03-08T20:00:00Z') // three days after the session
  const at = (text, pain) => seal({ token: letter.token, entry: freshKey(), at: text, values: { pain: String(pain) } }, serverKey)
  const usual = [await at('2026-03-02T15:00:00Z', 4), await at('2026-03-03T15:00:00Z', 4), await at('2026-03-04T15:00:00Z', 4), await at('2026-03-04T20:00:00Z', 4), await at('2026-03-05T01:00:00Z', 4), await at('2026-03-05T02:00:00Z', 4), await at('2026-03-05T03:00:00Z', 4)]
  assert.deepEqual(told(await send(...usual)), usual.map(() => 'noted'))
  assert.deepEqual(told(await send(await at('2026-03-06T20:00:00Z', 9))), ['noted'])
  const answer = await post(link, { entry: freshKey(), pain: '9' })
  assert.match(answer.headers.location, /told=1/)
  const page = await get(answer.headers.location)
  assert.match(page.words, /The practice has been told/)
  assert.match(page.words, /get medical help at once/)
  assert.equal(sql('SELECT count(*) AS n FROM adverse_event')[0].n, 1)
  assert.doesNotMatch((await get(noted)).words, /medical help/)
})

// ---- limits, ends, secrets ----

await test('a day has its limit', async () => {
  let answer
  for (let i = 0; i < 30; i++) {
    answer = await post(link, { entry: freshKey(), pain: '2' })
    if (answer.status !== 303) break
  }
  assert.equal(answer.status, 429)
  assert.match(answer.words, /no more fits into one day/)
})

await test('an address has its limit', async () => {
  await restart('2026-03-09T20:00:00Z', { limits: true })
  let last
  for (let i = 0; i < 130; i++) {
    last = await post(`/c/${'x'.repeat(27)}`, { pain: '1' })
    if (last.status === 429) break
  }
  assert.equal(last.status, 429)
  assert.equal((await get(link)).status, 200, 'looking is free')
  assert.equal((await post(`${link}/stop`, { 'List-Unsubscribe': 'One-Click' }, {})).status, 200, 'mail services share an address')
})

await test('a link that was revoked or has ended leads nowhere', async () => {
  await restart('2026-03-17T00:59:00Z') // a minute before its end
  assert.equal((await get(link)).status, 200)
  await restart('2026-03-17T01:00:00Z')
  assert.equal((await get(link)).status, 404)
  assert.equal((await post(link, { entry: freshKey(), pain: '2' })).status, 404)
})

await test('but an old letter still stops the asking', async () => {
  await restart('2026-06-01T12:00:00Z')
  const state = () => sql('SELECT state FROM care_plan ORDER BY client_id LIMIT 1')[0].state
  const askAgain = () => spawnSync('sqlite3', [path.join(server.dir, 'balm.db'), 'UPDATE care_plan SET state = 1'])
  askAgain()
  assert.equal((await get(link)).status, 404)
  assert.equal((await get(`${link}/rhythm`)).status, 404)
  assert.equal((await get(`${link}/stop`)).status, 200)
  const tap = await post(`${link}/stop`, {})
  assert.equal(tap.status, 200)
  assert.equal(state(), 2)
  askAgain()
  assert.equal((await post(`${link}/stop`, { 'List-Unsubscribe': 'One-Click' }, {})).status, 200)
  assert.equal(state(), 2)
})

await test('neither database nor log holds what was said, or a way to it', async () => {
  await server.stop()
  const files = fs.readdirSync(server.dir).filter((name) => /^balm\.db(-wal|-shm)?$|\.log$/.test(name))
  assert.ok(files.includes('balm.db') && files.includes('stderr.log'))
  for (const name of files) {
    const bytes = fs.readFileSync(path.join(server.dir, name))
    for (const secret of [ACTIVITY, 'lighthouse', letter.token, sessionLink.slice(3)]) assert.equal(bytes.includes(secret), false, `${name} holds ${secret}`)
  }
  assert.equal(server.run(['check']).code, 0)
})

server.remove()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
