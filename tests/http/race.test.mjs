// Many at once against the real program: one time, 64 clients; then a storm of overlapping bookings, holds,
// moves and cancellations with the program killed in the middle. Nothing may be booked twice, nothing that
// was acknowledged may be lost. usage: BALM=path/to/balm node race.mjs [seconds]
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeClient, practiceFile, start } from './server.mjs'

const CLIENTS = 64
const SECONDS = Number(process.argv[2] ?? 10)

let passed = 0
let failed = 0
async function test(name, body) {
  try {
    await body()
    passed++
  } catch (error) {
    failed++
    console.log(`FAILED ${name}\n  ${String(error.stack ?? error).split('\n').slice(0, 6).join('\n  ')}`)
  }
}

// Repeatable chance (mulberry32).
let seed = Number(process.env.SEED ?? 20260301)
function chance() {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const pick = (list) => list[Math.floor(chance() * list.length)]

// The test practice without limits of its own, so that only time is scarce.
const files = mkdtempSync(join(tmpdir(), 'balm-race-'))
const practice = JSON.parse(readFileSync(practiceFile, 'utf8'))
practice.booking = { ...practice.booking, max_per_day: null, max_active_per_client: null, cancel_notice_minutes: 0, reschedule_notice_minutes: 0 }
const file = join(files, 'practice.json')
writeFileSync(file, JSON.stringify(practice))
const services = new Map(practice.services.map((s) => [s.id, s]))

let server = await start({ practice: file })
let client = makeClient(server.port)
let people = 0
const person = () => ({ name: `Person ${++people}`, email: `p${people}@example.org` })
const bearer = (token) => ({ headers: { Authorization: `Bearer ${token}` } })
const post = (path, body, options = {}) => client('POST', path, { body, ...options })
const count = (answers) => answers.reduce((all, a) => ({ ...all, [a.status]: (all[a.status] ?? 0) + 1 }), {})
const all = (make) => Promise.all(Array.from({ length: CLIENTS }, (_, i) => make(i)))

// ---- one time, many clients ----

await test('64 clients book one time of one therapist', async () => {
  const answers = await all(() => post('/api/v1/bookings', { service: 'deep-90', start: '2026-03-09T09:15:00-04:00', client: person() }))
  assert.deepEqual(count(answers), { 201: 1, 409: CLIENTS - 1 })
  for (const a of answers.filter((x) => x.status === 409)) assert.equal(a.json.type, '/problems/slot-taken')
})

await test('64 clients book one time of two therapists', async () => {
  const answers = await all(() => post('/api/v1/bookings', { service: 'relief-60', start: '2026-03-10T10:00:00-04:00', client: person() }))
  assert.deepEqual(count(answers), { 201: 2, 409: CLIENTS - 2 })
  const made = answers.filter((a) => a.status === 201).map((a) => a.json)
  assert.deepEqual(made.map((b) => b.therapist).sort(), ['ana', 'ben'])
  assert.deepEqual(made.map((b) => b.room).sort(), ['room-1', 'room-2'])
})

await test('64 clients hold one time', async () => {
  const answers = await all(() => post('/api/v1/holds', { service: 'deep-90', start: '2026-03-11T09:15:00-04:00' }))
  assert.deepEqual(count(answers), { 201: 1, 409: CLIENTS - 1 })
  const hold = answers.find((a) => a.status === 201).json.hold
  const others = await all(() => post('/api/v1/bookings', { service: 'deep-90', start: '2026-03-11T09:15:00-04:00', client: person() }))
  assert.deepEqual(count(others), { 409: CLIENTS })
  const mine = await all(() => post('/api/v1/bookings', { service: 'deep-90', start: '2026-03-11T09:15:00-04:00', hold, client: person() }))
  assert.deepEqual(count(mine), { 201: 1, 409: CLIENTS - 1 })
})

await test('overlapping starts: the winners do not overlap', async () => {
  const starts = Array.from({ length: CLIENTS }, (_, i) => new Date(Date.parse('2026-03-13T13:00:00Z') + (i % 13) * 900e3).toISOString())
  const answers = await all((i) => post('/api/v1/bookings', { service: 'relief-60', therapist: 'ana', start: starts[i], client: person() }))
  const made = answers.filter((a) => a.status === 201).map((a) => a.json)
  assert.ok(made.length >= 1)
  assert.equal(count(answers)[409], CLIENTS - made.length)
  assert.equal(overlaps(made), null)
})

await test('64 moves to one time', async () => {
  const mine = []
  const times = []
  for (const date of ['2026-04-13', '2026-04-14', '2026-04-15', '2026-04-16', '2026-04-17'])
    for (let h = 0; h < 4; h++) for (const m of ['00', '30']) times.push(`${date}T${String(9 + h).padStart(2, '0')}:${m}:00-04:00`)
  for (const start of times) {
    const answer = await post('/api/v1/bookings', { service: 'call-30', therapist: 'ana', start, client: person() })
    assert.equal(answer.status, 201, answer.text)
    mine.push(answer.json)
  }
  const answers = await Promise.all(mine.map((b) => post(`/api/v1/bookings/${b.id}/reschedule`, { start: '2026-04-20T09:00:00-04:00' }, bearer(b.manage_token))))
  assert.deepEqual(count(answers), { 200: 1, 409: mine.length - 1 })
})

// Confirmed bookings of one resource whose occupancies overlap: their ids, or null.
function overlaps(bookings) {
  const taken = new Map()
  for (const b of bookings) {
    if (b.status !== 'confirmed') continue
    const s = services.get(b.service)
    const from = Date.parse(b.start) - s.buffer_before_minutes * 60e3
    const to = Date.parse(b.end) + s.buffer_after_minutes * 60e3
    for (const resource of [b.therapist, b.room].filter(Boolean)) {
      if (!taken.has(resource)) taken.set(resource, [])
      taken.get(resource).push({ from, to, id: b.id })
    }
  }
  for (const [resource, list] of taken) {
    list.sort((a, b) => a.from - b.from)
    for (let i = 1; i < list.length; i++)
      if (list[i].from < list[i - 1].to) return `${resource}: ${list[i - 1].id} and ${list[i].id}`
  }
  return null
}

// ---- a storm, and the power goes ----

const starts = []
for (let day = 15; day <= 31; day++)
  for (let quarter = 0; quarter < 96; quarter++)
    starts.push(new Date(Date.UTC(2026, 2, day) + quarter * 900e3).toISOString())

// What each acknowledged booking must be: `known` from the last answer, `open` while a change is under way.
const ledger = new Map()
const holdsMade = []
const tally = {}
let stopped = false
let gone = 0

async function step() {
  const act = chance()
  const service = pick(practice.services)
  const body = { service: service.id, start: pick(starts), ...(chance() < 0.4 ? { therapist: pick(service.therapists) } : {}) }
  const mine = [...ledger.values()]
  if (act < 0.55 || mine.length < 20) {
    const answer = await post('/api/v1/bookings', { ...body, client: person() })
    if (answer.status === 201) ledger.set(answer.json.id, { token: answer.json.manage_token, known: answer.json, open: false })
    return answer.status
  }
  if (act < 0.7) {
    const held = await post('/api/v1/holds', body)
    if (held.status !== 201) return held.status
    holdsMade.push(held.json.hold)
    const answer = await post('/api/v1/bookings', { ...body, hold: held.json.hold, client: person() })
    assert.equal(answer.status, 201, answer.text) // a hold is a promise
    ledger.set(answer.json.id, { token: answer.json.manage_token, known: answer.json, open: false })
    return answer.status
  }
  const entry = pick(mine)
  if (entry.open || entry.known.status !== 'confirmed') return 0
  entry.open = true
  const verb = act < 0.85 ? 'reschedule' : 'cancel'
  const answer = await post(`/api/v1/bookings/${entry.known.id}/${verb}`, verb === 'cancel' ? {} : { start: body.start }, bearer(entry.token))
  if (answer.status === 200) entry.known = answer.json
  entry.open = false // not reached where the connection broke
  return answer.status
}

const unexpected = []
async function customer() {
  while (!stopped) {
    try {
      const status = await step()
      tally[status] = (tally[status] ?? 0) + 1
      if (![0, 200, 201, 409, 422].includes(status)) unexpected.push(status)
    } catch (error) {
      if (!stopped) {
        if (error instanceof assert.AssertionError) unexpected.push(error.message)
        else gone++
        await new Promise((done) => setTimeout(done, 5))
      }
    }
  }
}

async function verify(name) {
  await test(`${name}: balm check`, async () => {
    const check = server.run(['check'])
    assert.equal(check.code, 0, check.stdout + check.stderr)
  })
  await test(`${name}: every acknowledged booking is there as acknowledged`, async () => {
    const now = []
    for (const entry of ledger.values()) {
      const answer = await client('GET', `/api/v1/bookings/${entry.known.id}`, bearer(entry.token))
      assert.equal(answer.status, 200, entry.known.id)
      now.push(answer.json)
      if (entry.open) {
        // its change was under way when the power went: either is right, from here on it is known
        entry.known = answer.json
        entry.open = false
        continue
      }
      const { manage_token, manage_url, ...known } = entry.known
      assert.deepEqual(answer.json, known)
    }
    assert.ok(now.length > 50, `only ${now.length} bookings`)
    assert.equal(overlaps(now), null)
  })
}

async function storm(seconds) {
  stopped = false
  const all = Array.from({ length: CLIENTS }, customer)
  await new Promise((done) => setTimeout(done, seconds * 1000))
  return async () => {
    stopped = true
    await Promise.all(all)
  }
}

{
  const settle = await storm(SECONDS / 2)
  await server.kill()
  await settle()
  server = await start({ dir: server.dir, clock: '2026-03-01T12:00:20Z' })
  client = makeClient(server.port)
  await verify('after the power went')
}
{
  const settle = await storm(SECONDS / 2)
  await settle()
  await verify('at the end')
}
await test('answers were the expected ones', async () => {
  assert.deepEqual(unexpected, [])
  assert.ok(tally[201] > 50 && tally[409] > 50 && tally[200] > 10, JSON.stringify(tally))
})
await test('an orderly stop', async () => {
  assert.equal((await server.stop()).code, 0)
})
server.remove()
rmSync(files, { recursive: true, force: true })
console.log(`answers by status: ${JSON.stringify(tally)}, connections lost at the kill: ${gone}, holds: ${holdsMade.length}`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
