// The client's own page: in by a link, out by itself, what stands on it in every state, what can be taken
// along, the wish to be deleted; and that nobody learns who is known here.
// usage: BALM=path/to/balm node my.test.mjs
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { makeClient, practiceFile, start } from './server.mjs'
import { asker, Browser, filledPractice, letters, readCsv, until } from './care_browser.mjs'
import { tests } from './staff_browser.mjs'

const CLOCK = '2026-03-03T15:30:00Z'
const LATER = '2026-03-03T16:10:00Z'
const { test, end } = tests()
const { dir, links } = await filledPractice(CLOCK)
let server = await start({ dir, clock: CLOCK })
const sql = asker(server)
const client = async (words) => { const b = new Browser(server); b.page = await b.enter(links[words]); return b }

await test('a link opens the page and leaves the address bar at once', async () => {
  const b = new Browser(server)
  const before = fs.readFileSync(`${dir}/balm.db-wal`).length
  const answer = await b.get(links['sessions help'])
  assert.equal(answer.status, 303)
  assert.equal(answer.to, '/my')
  assert.equal(answer.headers['cache-control'], 'no-store')
  const cookie = answer.headers['set-cookie'].find((line) => line.startsWith('__Host-my='))
  assert.match(cookie, /; Secure; HttpOnly; SameSite=Lax; Max-Age=1800$/)
  const page = await b.get('/my')
  assert.equal(page.status, 200)
  assert.equal(page.headers['cache-control'], 'no-store')
  assert.match(page.headers['referrer-policy'], /^(no-referrer|same-origin)$/)
  assert.match(page.text, /<meta name="robots" content="noindex">/)
  assert.ok(!page.text.includes(links['sessions help'].slice(4)), 'the token stands on the page')
  assert.equal(fs.readFileSync(`${dir}/balm.db-wal`).length, before, 'following a link changes nothing')
})

await test('what helps is said with its range, a window of days and no cause', async () => {
  const { page } = await client('sessions help')
  assert.match(page.words, /After a session your pain (clearly|likely) stays lower beyond that day: by about \d\.\d points/)
  assert.match(page.words, /The likely range \(90%\) is \d\.\d to \d\.\d points/)
  assert.match(page.words, /Half of this relief is gone after/)
  assert.match(page.words, /What caused a change cannot be told from them/)
  assert.equal(page.text.match(/<svg[^>]*class="rc[ "]/g)?.length >= 2, true, 'a picture for each kind of screen')
  assert.match(page.words, /All ratings and sessions/)
  const booking = /href="(\/book\/[^"?]+)\?from=(\d{4}-\d\d-\d\d)&amp;to=(\d{4}-\d\d-\d\d)"/.exec(page.text)
  if (/Suggested for your next session/.test(page.words)) {
    assert.ok(booking, 'the suggested days lead to their times')
    assert.ok(booking[2] <= booking[3])
    assert.match(page.words, /Suggested for your next session: (between|around) /)
    const times = await new Browser(server).get(`${booking[1]}?from=${booking[2]}&to=${booking[3]}`)
    assert.equal(times.status, 200)
  } else {
    assert.match(page.words, /The relief of your last session has probably faded|Your next session is on/)
  }
})

await test('the other states read well', async () => {
  const little = await client('sessions do little beyond the day')
  assert.match(little.page.words, /Probably little of your relief lasts beyond the day of a session/)
  assert.ok(!/Suggested for your next session/.test(little.page.words))
  const few = await client('too little is known yet')
  assert.match(few.page.words, /Not enough data yet to say whether relief lasts/)
  assert.match(few.page.words, /Still missing: /)
  for (const b of [little, few]) {
    const text = b.page.words
    assert.ok(!/NaN|undefined|inf\b|null/.test(text), 'a number that is none')
  }
})

await test('a client without anything yet has a page that says how it begins', async () => {
  const api = makeClient(server.port)
  const services = (await api('GET', '/api/v1/services')).json.services
  const slots = (await api('GET', `/api/v1/availability?service=${services[0].id}&from=2026-03-05&to=2026-03-20`)).json.slots
  const booked = await api('POST', '/api/v1/bookings', { body: { service: services[0].id, start: slots[3].start, client: { name: 'Nina New', email: 'new@mail.example' } } })
  assert.equal(booked.status, 201)
  const b = new Browser(server)
  const sent = await b.post('/my/link', { email: 'NEW@mail.example' })
  assert.equal(sent.status, 303)
  assert.equal(sent.to, '/my?sent=1')
  const letter = await until('the letter with the link', () => letters(server).find((l) => l.to.includes('new@mail.example') && /\/my\/[\w-]{27}/.test(l.text)))
  const page = await b.enter(/\/my\/[\w-]{27}/.exec(letter.text)[0])
  assert.match(page.words, /Nina New/)
  assert.match(page.words, /Your chart begins with your first check-in/)
  assert.match(page.words, /Your next session is on/)
  assert.match(page.words, /We do not ask you by e-mail/)
  assert.match(page.text, /href="\/b\/[\w-]+"/)
  const manage = await b.get(/href="(\/b\/[\w-]+)"/.exec(page.text)[1])
  assert.equal(manage.status, 200)
})

await test('who asks for a link learns nothing, whoever they name', async () => {
  const answers = []
  for (const email of ['nobody@nowhere.example', 'rosa@mail.example']) {
    const b = new Browser(server)
    const posted = await b.post('/my/link', { email })
    const page = await b.get(posted.to)
    answers.push([posted.status, posted.to, page.status, page.text])
  }
  assert.deepEqual(answers[0], answers[1])
  await until('the letter to rosa', () => letters(server).some((l) => l.to.includes('rosa@mail.example') && /\/my\//.test(l.text)))
  assert.ok(!letters(server).some((l) => l.to.includes('nowhere.example')))
  const wrong = await new Browser(server).post('/my/link', { email: 'no address' })
  assert.equal(wrong.status, 422)
  assert.match(wrong.words, /does not look like an e-mail address/)
})

await test('letters to one address are few', async () => {
  await server.stop()
  server = await start({ dir, clock: CLOCK, limits: true })
  const count = () => sql("SELECT count(*) AS n FROM outbox WHERE kind = 6")[0].n
  const before = count()
  for (let i = 0; i < 7; i++) {
    const answer = await new Browser(server).post('/my/link', { email: 'new@mail.example' })
    assert.equal(answer.to, '/my?sent=1')
  }
  assert.equal(count() - before, 4)
  let refused = 0
  for (let i = 0; i < 20; i++) refused += (await new Browser(server).post('/my/link', { email: `a${i}@nowhere.example` })).status === 429
  assert.ok(refused > 0, 'nobody may try addresses without end')
  await server.stop()
  server = await start({ dir, clock: CLOCK })
})

await test('a made-up link, a cut one, and that of another practice open nothing', async () => {
  const token = links['sessions help'].slice(4)
  for (const wrong of ['x', token.slice(0, 26), token.slice(0, 26) + (token.at(-1) === 'A' ? 'B' : 'A'), 'A'.repeat(27), 'a'.repeat(900)]) {
    const b = new Browser(server)
    const answer = await b.get(`/my/${wrong}`)
    assert.equal(answer.status, 404, wrong)
    assert.match(answer.words, /This link works no longer/)
    assert.equal(b.jar.has('__Host-my'), false)
  }
  const forged = new Browser(server)
  forged.jar.set('__Host-my', Buffer.from('1 9999999999999999').toString('base64url'))
  assert.match((await forged.get('/my')).words, /Your chart, your sessions and your data are behind a link of your own/)
})

await test('saying how one is, from the page', async () => {
  const b = await client('too little is known yet')
  const posted = await b.post('/my/checkin-link')
  assert.equal(posted.status, 303)
  assert.match(posted.to, /^\/c\/[\w-]{27}$/)
  assert.equal((await b.get(posted.to)).status, 200)
})

await test('Learn pages show the reader’s own figure to nobody else', async () => {
  const b = await client('sessions help')
  const tension = await b.get('/learn/muscle-tension')
  assert.match(tension.words, /Your own figure Tension: from \d\.\d just before to \d\.\d just after a session, on average of \d+ sessions\. What caused it cannot be told/)
  assert.equal(tension.headers['cache-control'], 'no-store')
  assert.match((await b.get('/learn/endorphins')).words, /Your own figure After a session your pain/)
  assert.ok(!/Your own figure/.test((await b.get('/learn/lactic-acid')).words))
  const stranger = await new Browser(server).get('/learn/muscle-tension')
  assert.ok(!/Your own figure/.test(stranger.words))
  assert.equal(stranger.headers['cache-control'], 'no-cache')
})

await test('the rhythm is theirs, to thin out and to stop', async () => {
  const b = await client('sessions help')
  assert.equal((await b.post('/my/rhythm', { per_week: '1', evening: '19:30' })).to, '/my?did=rhythm')
  let page = await b.get('/my?did=rhythm')
  assert.match(page.words, /From now on we ask as you chose/)
  assert.match(page.text, /<option value="1" selected>/)
  assert.match(page.text, /name="evening" type="time" value="19:30"/)
  assert.equal((await b.post('/my/rhythm', { per_week: '8', evening: '19:30' })).to, '/my?did=wrong')
  assert.equal((await b.post('/my/rhythm', { per_week: '2', evening: '25:00' })).to, '/my?did=wrong')
  assert.equal((await b.post('/my/stop')).to, '/my?did=stop')
  page = await b.get('/my?did=stop')
  assert.match(page.words, /At the moment we do not ask you/)
  assert.deepEqual(sql("SELECT state, per_week FROM care_plan JOIN client USING (practice_id, client_id) WHERE email = 'rosa@mail.example'"), [{ state: 2, per_week: 1 }])
})

await test('everything can be taken along, without tokens, and it is noted', async () => {
  const b = await client('was worse after the last session')
  const exports = () => sql("SELECT detail FROM audit WHERE action = 'client.exported'")
  const before = exports().length
  const answer = await b.post('/my/data.json')
  assert.equal(answer.status, 200)
  assert.match(answer.headers['content-disposition'], /^attachment; filename="my-data-2026-03-03\.json"$/)
  assert.equal(answer.headers['cache-control'], 'no-store')
  const all = JSON.parse(answer.text)
  const id = sql(`SELECT client_id AS id FROM client WHERE email = '${all.person.email}'`)[0].id
  const count = (table) => sql(`SELECT count(*) AS n FROM ${table} WHERE client_id = ${id}`)[0].n
  assert.equal(all.check_ins.length, count('checkin'))
  assert.equal(all.bookings.length, count('booking'))
  assert.equal(all.asked.length, count('prompt'))
  assert.equal(all.adverse_events.length, count('adverse_event'))
  assert.ok(all.adverse_events.length === 1 && all.check_ins.length > 10 && all.bookings.length > 2)
  assert.ok(all.bookings.every((one) => one.history.length >= 1 && one.service && one.start))
  assert.ok(all.check_ins.every((one) => Number.isFinite(one.values.pain)))
  assert.equal(all.plan.state, 'asking')
  assert.ok(all.plan.activities.length >= 1)
  assert.ok(all.links.length >= 1)
  assert.ok(!answer.text.includes(links['was worse after the last session'].slice(4)), 'a token stands in it')
  for (const { text } of letters(server)) for (const [token] of text.matchAll(/[\w-]{27}(?=["\s])/g)) assert.ok(!answer.text.includes(token))
  const csv = await b.post('/my/data.csv')
  assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8')
  const rows = readCsv(csv.text)
  assert.equal(rows.length, 1 + all.check_ins.length)
  assert.ok(rows.every((row) => row.length === rows[0].length))
  assert.deepEqual(rows[0].slice(0, 7), ['at', 'received_at', 'kind', 'unasked', 'taken_back', 'corrections', 'pain'])
  assert.deepEqual(rows.slice(1).map((row) => Number(row[6])), all.check_ins.map((one) => one.values.pain))
  assert.deepEqual(exports().slice(before).map((row) => row.detail), ['{"as":"json"}', '{"as":"csv"}'])
  assert.ok([404, 405].includes((await b.get('/my/data.json')).status), 'a GET downloads nothing')
})

await test('without a session nothing is done and nothing told', async () => {
  const b = new Browser(server)
  const audits = () => sql('SELECT count(*) AS n FROM audit')[0].n
  const before = audits()
  for (const target of ['/my/data.json', '/my/data.csv', '/my/rhythm', '/my/stop', '/my/delete', '/my/checkin-link']) {
    const answer = await b.post(target, { per_week: '0', evening: '10:00' })
    assert.equal(answer.status, 303, target)
    assert.equal(answer.to, '/my')
    assert.equal(answer.text, '')
  }
  assert.equal((await b.get('/my/delete')).to, '/my')
  assert.equal(audits(), before)
  const strange = await (await client('sessions help')).post('/my/stop', {}, { headers: { Origin: 'https://evil.example' } })
  assert.equal(strange.status, 403)
})

await test('the wish to be deleted says what stays, and is asked once', async () => {
  const b = await client('books when it hurts')
  const page = await b.get('/my/delete')
  assert.match(page.words, /What is deleted/)
  assert.match(page.words, /The times of past sessions, without your name/)
  assert.equal((await b.post('/my/delete')).to, '/my?did=asked')
  assert.equal((await b.post('/my/delete')).to, '/my?did=asked')
  assert.match((await b.get('/my')).words, /you asked us to delete everything/)
  assert.equal(sql('SELECT count(*) AS n FROM erasure_request')[0].n, 1)
  assert.equal(sql("SELECT count(*) AS n FROM audit WHERE action = 'client.erasure-asked'")[0].n, 1)
})

await test('leaving ends it here; half an hour ends it by itself; the link still opens it', async () => {
  const b = await client('sessions help')
  const kept = new Map(b.jar)
  assert.equal((await b.post('/my/leave')).to, '/my?left=1')
  assert.match((await b.get('/my?left=1')).words, /You have left your page/)
  const late = new Browser(server)
  late.jar = kept
  assert.match((await late.get('/my')).words, /How it is going/) // the cookie itself holds until its end
  const old = new Map(kept)
  await server.stop()
  server = await start({ dir, clock: LATER })
  const after = new Browser(server)
  after.jar = old
  assert.match((await after.get('/my')).words, /We send it to you/)
  assert.match((await after.enter(links['sessions help'])).words, /How it is going/)
})

await test('a revoked link ends what was open', async () => {
  const b = await client('sessions help')
  const staff = await new Browser(server).signIn('therapist')
  const id = sql("SELECT client_id AS id FROM client WHERE email = 'rosa@mail.example'")[0].id
  const revoked = await staff.post(`/staff/clients/${id}/links`, { do: 'revoke' })
  assert.equal(revoked.status, 303)
  assert.match((await b.get('/my')).words, /We send it to you/)
  assert.equal((await b.post('/my/data.json')).to, '/my')
  assert.equal((await new Browser(server).get(links['sessions help'])).status, 404)
})

await test('in Spanish', async () => {
  const b = new Browser(server)
  await b.get(links['sessions do little beyond the day'])
  const page = await b.get('/my', { headers: { 'Accept-Language': 'es' } })
  assert.match(page.words, /Cómo va/)
  assert.ok(!/What to do next|Your data|How often/.test(page.words))
})

await test('another practice on the same server does not know the link', async () => {
  const link = links['sessions do little beyond the day']
  const applied = server.run(['apply', practiceFile])
  assert.equal(applied.code, 0, applied.stderr)
  await server.stop()
  server = await start({ dir, clock: LATER })
  const b = new Browser(server)
  const there = { host: 'www.harbour.example' }
  assert.equal((await b.get('/my', there)).status, 200)
  assert.equal((await b.get(link, there)).status, 404)
})

await server.stop()
const check = server.run(['check'])
await test('the data hold', async () => assert.equal(check.code, 0, check.stdout + check.stderr))
fs.rmSync(dir, { recursive: true, force: true })
end()
