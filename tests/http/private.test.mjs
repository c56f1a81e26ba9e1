// What must hold whoever asks: nobody learns by the clock who is a client; the desk reads nothing of health by
// another address or a merged record; links end; everything that is kept of a client is in their file; and the
// pages stay whole however long somebody has told how they are.
// usage: BALM=path/to/balm node private.test.mjs
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { balmPath, makeClient, start } from './server.mjs'
import { asker, Browser, filledPractice, letters, readCsv, until } from './care_browser.mjs'
import { changed, errorOf, formOf, tests } from './staff_browser.mjs'

const CLOCK = '2026-03-03T15:30:00Z'
const { test, end } = tests()
const { dir, links } = await filledPractice(CLOCK)
let server = await start({ dir, clock: CLOCK })
const sql = asker(server)
const seedProgram = path.join(path.dirname(balmPath()), '../tests/http/care_seed')
const idOf = (email) => sql(`SELECT client_id AS id FROM client WHERE email = '${email}'`)[0].id
const client = async (words) => { const b = new Browser(server); await b.enter(links[words]); return b }
const desk = await new Browser(server).signIn('desk')
const therapist = await new Browser(server).signIn('therapist')

/** Somebody new who has only booked: {id, email}. */
let slot = 0
async function newcomer(name, email) {
  const api = makeClient(server.port)
  const services = (await api('GET', '/api/v1/services')).json.services
  const { slots } = (await api('GET', `/api/v1/availability?service=${services[0].id}&from=2026-03-05&to=2026-03-25`)).json
  const booked = await api('POST', '/api/v1/bookings', { body: { service: services[0].id, start: slots[(slot += 7)].start, client: { name, email } } })
  assert.equal(booked.status, 201)
  return { id: idOf(email), email }
}

// That the answers also take the same time is seen best on a quiet machine: the medians are printed.
await test('an answer does not tell who is a client, and a stranger gets no letter', async () => {
  const times = { known: [], unknown: [] }
  for (let i = 0; i < 130; i++) {
    const who = i % 2 ? 'known' : 'unknown'
    const b = new Browser(server)
    const began = process.hrtime.bigint()
    const answer = await b.post('/my/link', { email: i % 2 ? 'rosa@mail.example' : 'nobody@nowhere.example' })
    const took = Number(process.hrtime.bigint() - began) / 1e6
    assert.equal(answer.to, '/my?sent=1')
    if (i >= 10) times[who].push(took)
    await new Promise((done) => setTimeout(done, 15)) // the letter of the one before is not this one's work
  }
  const median = (list) => list.sort((a, b) => a - b)[list.length >> 1]
  const known = median(times.known)
  const unknown = median(times.unknown)
  assert.equal(times.known.length, 60)
  console.log(`  known ${known.toFixed(2)} ms, unknown ${unknown.toFixed(2)} ms`)
  assert.ok(!letters(server).some((one) => one.to.includes('nowhere.example')))
  assert.equal(sql("SELECT count(*) AS n FROM outbox JOIN client USING (practice_id, client_id) WHERE kind = 6 AND email <> 'rosa@mail.example' AND outbox.created_us > 1772551800000000")[0].n, 0, 'somebody else got a letter')
})

await test('a link of the moment does not outlive the one it came by', async () => {
  const b = await client('sessions help')
  const first = await b.post('/my/checkin-link')
  const expiry = (what) => sql(`SELECT expires_us AS at, link_id AS id FROM personal_link ${what} ORDER BY link_id DESC LIMIT 1`)[0]
  const one = expiry('')
  const later = new Browser(server)
  await later.enter(first.to.replace('/c/', '/my/'))
  assert.equal((await later.post('/my/checkin-link')).status, 303)
  const two = expiry('')
  assert.notEqual(one.id, two.id)
  assert.ok(two.at <= one.at, 'the second ends after the first')
})

await test('a link that is about to end makes no other', async () => {
  const b = await client('sessions help')
  const made = (await b.post('/my/checkin-link')).to.replace('/c/', '/my/')
  const late = new Date(Date.parse(CLOCK) + (2 * 3600 - 20) * 1000).toISOString()
  await server.stop()
  server = await start({ dir, clock: late })
  const old = new Browser(server)
  await old.enter(made)
  const count = () => sql('SELECT count(*) AS n FROM personal_link')[0].n
  const before = count()
  const answer = await old.post('/my/checkin-link')
  assert.equal(answer.status, 404)
  assert.match(answer.words, /This link works no longer/)
  assert.equal(count(), before)
  await server.stop()
  server = await start({ dir, clock: CLOCK })
  desk.server = therapist.server = server
})

await test('the desk cannot take the way to health data to another address', async () => {
  const id = idOf('rosa@mail.example')
  const target = `/staff/clients/${id}`
  const fields = formOf((await desk.get(target)).text, target)
  const refused = await desk.post(target, changed(fields, { email: 'desk-own@mail.example' }))
  assert.equal(refused.status, 422)
  assert.match(errorOf(refused.text, 'email'), /A therapist or the owner can change it/)
  assert.equal(idOf('rosa@mail.example'), id)
  assert.equal((await desk.post(target, changed(fields, { phone: '+1 555 0100' }))).status, 303, 'the rest is the desk’s')
  const plain = await newcomer('Paul Plain', 'paul@mail.example')
  const own = `/staff/clients/${plain.id}`
  const changedOwn = await desk.post(own, changed(formOf((await desk.get(own)).text, own), { email: 'paul2@mail.example' }))
  assert.equal(changedOwn.to, `${own}?did=saved`, 'of who has told nothing, it may')
})

await test('the desk cannot merge one who has told how they are, either way', async () => {
  const rosa = idOf('rosa@mail.example')
  const plain = await newcomer('Mona Merge', 'mona@mail.example')
  for (const [from, into] of [[rosa, plain.id], [plain.id, rosa]]) {
    const target = `/staff/clients/${from}/merge`
    const page = await desk.get(`${target}?into=${into}`)
    assert.match(page.words, /A therapist or the owner can merge them/)
    assert.ok(!page.text.includes(`name="into"`))
    assert.equal((await desk.post(target, { into: String(into) })).status, 403)
    assert.equal(sql(`SELECT merged_into AS m FROM client WHERE client_id = ${from}`)[0].m, null)
  }
  const other = await newcomer('Mona Again', 'mona2@mail.example')
  assert.equal((await desk.post(`/staff/clients/${other.id}/merge`, { into: String(plain.id) })).status, 303)
  assert.equal((await therapist.post(`/staff/clients/${plain.id}/merge`, { into: String(rosa) })).status, 303)
})

await test('who may see health data changes the address: old links end, the new address gets one', async () => {
  const owner = await new Browser(server).signIn('owner')
  const b = await client('sessions do little beyond the day')
  const { person } = JSON.parse((await b.post('/my/data.json')).text)
  const id = idOf(person.email)
  const target = `/staff/clients/${id}`
  const seen = new Set(letters(server).map((one) => one.file))
  const fresh = () => letters(server).filter((one) => !seen.has(one.file))
  const saved = await owner.post(target, changed(formOf((await owner.get(target)).text, target), { email: 'moved@mail.example' }))
  assert.equal(saved.to, `${target}?did=links-moved`)
  assert.match((await owner.get(saved.to)).words, /open nothing any more/)
  assert.match((await b.get('/my')).words, /We send it to you/)
  assert.equal((await new Browser(server).get(links['sessions do little beyond the day'])).status, 404)
  const letter = await until('the letter', () => fresh().find((one) => one.to.includes('moved@mail.example')))
  assert.match((await new Browser(server).enter(/\/my\/[\w-]{27}/.exec(letter.text)[0])).words, /How it is going/)
  assert.ok(!fresh().some((one) => one.to.includes(person.email)))
})

await test('the file has the team’s note, each correction and links that have ended', async () => {
  const b = await client('too little is known yet')
  const link = (await b.post('/my/checkin-link')).to
  const entry = /name="entry" value="([^"]+)"/.exec((await b.get(link)).text)[1]
  assert.equal((await b.post(link, { entry, pain: '7' })).status, 303)
  const checkin = sql('SELECT max(checkin_id) AS id FROM checkin')[0].id
  const change = `${link}/entries/${checkin}`
  for (const pain of ['2', '9', '4'])
    assert.equal((await b.post(change, changed(formOf((await b.get(change)).text, change), { pain }))).status, 303)
  const { person } = JSON.parse((await b.post('/my/data.json')).text)
  const id = idOf(person.email)
  const target = `/staff/clients/${id}`
  const form = await therapist.get(target)
  assert.match(form.words, /The client can ask to read it, and it is in their download/)
  const fields = formOf(form.text, target)
  assert.equal((await therapist.post(target, changed(fields, { note: 'Prefers the room at the back.' }))).status, 303)
  assert.equal((await therapist.post(`${target}/links`, { do: 'revoke' })).status, 303)
  const all = JSON.parse((await therapist.post(`${target}/data.json`)).text)
  assert.equal(all.person.note, 'Prefers the room at the back.')
  const told = all.check_ins.find((one) => one.corrections === 3)
  assert.equal(told.first_values.pain, 7)
  assert.deepEqual(told.corrected.map((one) => one.values.pain), [2, 9, 4])
  assert.equal(told.values.pain, 4)
  assert.ok(told.corrected.every((one) => one.at && one.taken_back === false))
  assert.equal(all.links.length, sql(`SELECT count(*) AS n FROM personal_link WHERE client_id = ${id}`)[0].n)
  assert.ok(all.links.length > 0 && all.links.every((one) => typeof one.revoked === 'boolean'))
  assert.ok(all.links.some((one) => one.revoked))
  const anew = await therapist.post(`${target}/links`, { do: 'send' })
  assert.equal(anew.status, 303)
  const letter = await until('the letter', () => letters(server).reverse().find((one) => one.to.includes(person.email) && /\/my\//.test(one.text)))
  const own = new Browser(server)
  await own.enter(/\/my\/[\w-]{27}/.exec(letter.text)[0])
  assert.equal(JSON.parse((await own.post('/my/data.json')).text).person.note, 'Prefers the room at the back.')
})

await test('in Spanish one thing has one name', async () => {
  const b = await client('sessions help')
  const { words } = await b.get('/my', { headers: { 'Accept-Language': 'es' } })
  assert.match(words, /Qué dicen sus valoraciones/)
  assert.match(words, /Descargar los registros/)
  assert.match(words, /Los puntos son sus registros/)
  assert.ok(!/sus respuestas|las respuestas/.test(words))
  const progress = await therapist.get(`/staff/clients/${idOf('rosa@mail.example')}/progress`, { headers: { 'Accept-Language': 'es' } })
  assert.match(progress.words, /Alivio y registros/)
  assert.ok(!/respuestas de este cliente|Alivio y respuestas/.test(progress.words))
})

await test('pages hold with as many check-ins as one client can have', async () => {
  const id = idOf('rosa@mail.example')
  const count = () => sql(`SELECT count(*) AS n FROM checkin WHERE client_id = ${id}`)[0].n
  await server.stop()
  const done = spawnSync(seedProgram, [server.db, 'rosa@mail.example', 'history', String(20000 - count())],
    { encoding: 'utf8', env: { ...process.env, BALM_CLOCK: CLOCK } })
  assert.equal(done.status, 0, done.stderr)
  server = await start({ dir, clock: CLOCK })
  therapist.server = server
  assert.equal(count(), 20000)
  const b = await client('sessions help')
  for (const [who, target] of [[b, '/my'], [therapist, `/staff/clients/${id}/progress`]]) {
    const page = await who.get(target)
    assert.equal(page.status, 200, target)
    console.log(`  ${target}: ${page.text.length} characters`)
    assert.ok(page.text.length < 1.5e6, `${target}: ${page.text.length} characters`)
    assert.ok(/The newest 400 of \d\d,?\d{3} stand here\. The download has all of them\./.test(page.words), /The newest [^.]*\./.exec(page.words)?.[0])
    const rows = (page.text.match(/<table class="rc-table">.*?<\/table>/gs) ?? []).map((table) => table.split('<tr>').length - 2)
    assert.ok(rows.length > 0 && rows.every((n) => n <= 400), `rows: ${rows}`)
  }
  const csv = await b.post('/my/data.csv')
  assert.equal(readCsv(csv.text).length, 20001)
  const json = await b.post('/my/data.json')
  assert.equal(json.status, 200, json.text.slice(0, 300))
  assert.equal(JSON.parse(json.text).check_ins.length, 20000)
})

await server.stop()
const check = server.run(['check'])
await test('the data hold', async () => assert.equal(check.code, 0, check.stdout + check.stderr))
fs.rmSync(dir, { recursive: true, force: true })
end()
