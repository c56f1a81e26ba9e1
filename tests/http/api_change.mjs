// The JSON API: moving, cancelling, limits, the calendar file, what time and other people change. A part of
// api.test.mjs, behind api_book.mjs.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ICAL from 'ical.js'
import { again, kept } from './api_book.mjs'
import { begin, bearer, book, booked, call, client, continueAt, get, open, openapi, post, refused, server, test } from './api_client.mjs'
import { practiceFile } from './server.mjs'

// ---- moving and cancelling ----

await test('moving', async () => {
  const mine = await booked({ service: 'relief-60', start: '2026-03-24T10:00:00-04:00', therapist: 'ben' })
  const path = `/api/v1/bookings/${mine.id}/reschedule`
  const move = (body) => post(path, body, bearer(mine.manage_token))
  const moved = await move({ start: '2026-03-24T10:15:00-04:00' }) // over its own time
  assert.equal(moved.status, 200, moved.text)
  assert.deepEqual([moved.json.start, moved.json.end, moved.json.therapist, moved.json.id], ['2026-03-24T10:15:00-04:00', '2026-03-24T11:15:00-04:00', 'ben', mine.id])
  assert.equal(moved.json.manage_token, undefined)
  const other = await move({ start: '2026-03-24T12:00:00-04:00', therapist: 'ana' })
  assert.equal(other.json.therapist, 'ana')
  await booked({ service: 'relief-60', start: '2026-03-24T15:00:00-04:00', therapist: 'ana' })
  refused(await move({ start: '2026-03-24T15:15:00-04:00', therapist: 'ana' }), 409, 'slot-taken')
  refused(await move({ start: '2026-03-24T20:00:00-04:00' }), 422, 'outside-hours')
  refused(await move({ start: '2026-07-24T10:00:00-04:00' }), 422, 'too-far')
  refused(await move({ start: '2026-03-01T08:00:00-05:00' }), 422, 'too-soon')
  refused(await move({ start: '2026-03-24T10:00:00-04:00', therapist: 'cleo' }), 422, 'invalid', ['therapist'])
  refused(await move({}), 422, 'invalid', ['start'])
  refused(await move({ start: 'soon', therapist: 'nobody', hold: 'x' }), 422, 'invalid', ['hold', 'start', 'therapist'])
  const now = await get(`/api/v1/bookings/${mine.id}`, bearer(mine.manage_token))
  assert.equal(now.json.start, '2026-03-24T12:00:00-04:00')
})

await test('cancelling gives the time back', async () => {
  const mine = await booked({ service: 'relief-60', start: '2026-03-25T09:00:00-04:00' })
  const path = `/api/v1/bookings/${mine.id}/cancel`
  refused(await post(path, { reason: 5, extra: 1 }, bearer(mine.manage_token)), 422, 'invalid', ['extra', 'reason'])
  refused(await post(path, { reason: 'x'.repeat(1001) }, bearer(mine.manage_token)), 422, 'invalid', ['reason'])
  const done = await post(path, { reason: 'A cold.' }, bearer(mine.manage_token))
  assert.deepEqual([done.status, done.json.status], [200, 'cancelled'])
  assert.equal((await get(`/api/v1/bookings/${mine.id}`, bearer(mine.manage_token))).json.status, 'cancelled')
  refused(await post(path, {}, bearer(mine.manage_token)), 422, 'not-confirmed')
  refused(await post(`/api/v1/bookings/${mine.id}/reschedule`, { start: '2026-03-25T11:00:00-04:00' }, bearer(mine.manage_token)), 422, 'not-confirmed')
  assert.equal((await open({ service: 'relief-60', from: '2026-03-25', to: '2026-03-25' }))[0].start, mine.start)
  const bare = await booked({ service: 'relief-60', start: '2026-03-25T09:00:00-04:00' })
  assert.equal((await call('POST', `/api/v1/bookings/${bare.id}/cancel`, bearer(bare.manage_token))).json.status, 'cancelled')
})

// ---- limits of the practice ----

await test('coming bookings of one client', async () => {
  const me = { client: { name: 'Lee Limit', email: 'lee@example.org' }, service: 'call-30', therapist: 'ben' }
  const times = ['10:00', '11:00', '12:00', '13:00'].map((t) => `2026-03-31T${t}:00-04:00`)
  const mine = []
  for (const start of times.slice(0, 3)) mine.push(await booked({ ...me, start }))
  refused(await book({ ...me, start: times[3] }), 422, 'limit-reached')
  refused(await book({ ...me, start: times[3], client: { name: ' lee limit ', email: 'LEE@example.org' } }), 422, 'limit-reached')
  await post(`/api/v1/bookings/${mine[0].id}/cancel`, {}, bearer(mine[0].manage_token))
  await booked({ ...me, start: times[3] })
})

await test('a full day', async () => {
  const day = { service: 'call-30', therapist: 'ana' }
  for (const time of ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30']) await booked({ ...day, start: `2026-04-01T${time}:00-04:00` })
  refused(await book({ ...day, start: '2026-04-01T15:00:00-04:00' }), 422, 'limit-reached')
  refused(await post('/api/v1/holds', { ...day, start: '2026-04-01T15:00:00-04:00' }), 422, 'limit-reached')
  assert.deepEqual(await open({ ...day, from: '2026-04-01', to: '2026-04-01' }), [])
})

// ---- calendar file ----

await test('the booking as iCalendar', async () => {
  const mine = await booked({ service: 'relief-60', start: '2026-04-07T10:00:00-04:00', therapist: 'ben' })
  const read = async () => {
    const answer = await get(`/b/${mine.manage_token}.ics`)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['cache-control'], 'no-store')
    const calendar = new ICAL.Component(ICAL.parse(answer.text))
    assert.equal(calendar.getFirstPropertyValue('method'), 'PUBLISH')
    const vevent = calendar.getFirstSubcomponent('vevent')
    return { vevent, event: new ICAL.Event(vevent), text: answer.text }
  }
  const first = await read()
  assert.equal(first.event.uid, `${mine.id}@harbour-hands.balm`)
  assert.equal(first.event.sequence, 0)
  assert.equal(first.vevent.getFirstPropertyValue('status'), 'CONFIRMED')
  assert.equal(first.event.startDate.toString(), '2026-04-07T10:00:00')
  assert.equal(first.event.endDate.toString(), '2026-04-07T11:00:00')
  assert.match(first.event.summary, /Chronic pain session/)
  assert.equal(first.vevent.getFirstPropertyValue('url'), mine.manage_url)
  await post(`/api/v1/bookings/${mine.id}/reschedule`, { start: '2026-04-07T11:00:00-04:00' }, bearer(mine.manage_token))
  const moved = await read()
  assert.deepEqual([moved.event.uid, moved.event.sequence, moved.event.startDate.toString()], [first.event.uid, 1, '2026-04-07T11:00:00'])
  await post(`/api/v1/bookings/${mine.id}/cancel`, {}, bearer(mine.manage_token))
  const cancelled = await read()
  assert.equal(cancelled.event.sequence, 2)
  assert.equal(cancelled.vevent.getFirstPropertyValue('status'), 'CANCELLED')
  const unknown = await get('/b/AAAAAAAAAAAAAAAAAAAAAAAAAAA.ics')
  assert.equal(unknown.status, 404)
})

// ---- as time goes by ----

let held
await test('a hold ends', async () => {
  const answer = await post('/api/v1/holds', { service: 'deep-90', start: '2026-04-08T09:15:00-04:00' })
  assert.equal(answer.status, 201, answer.text)
  held = answer.json.hold
  await continueAt('2026-03-01T12:11:00Z')
  refused(await book({ service: 'deep-90', start: '2026-04-08T09:15:00-04:00', hold: held }), 409, 'hold-expired')
  await booked({ service: 'deep-90', start: '2026-04-08T09:15:00-04:00' })
})

await test('a key is forgotten after a day', async () => {
  const body = { ...again, start: '2026-03-16T15:15:00-04:00' }
  const options = { headers: { 'Idempotency-Key': 'c0ffee-2' } }
  assert.equal((await post('/api/v1/bookings', body, options)).status, 201)
  await continueAt('2026-03-02T13:00:00Z')
  refused(await post('/api/v1/bookings', body, options), 409, 'slot-taken')
})

await test('too late to move or cancel', async () => {
  await continueAt('2026-04-06T13:00:00Z') // Monday 09:00
  refused(await book({ service: 'relief-60', start: '2026-04-06T10:45:00-04:00', therapist: 'ana' }), 422, 'too-soon')
  const today = await booked({ service: 'relief-60', start: '2026-04-06T11:15:00-04:00', therapist: 'ana' })
  const tomorrow = await booked({ service: 'call-30', start: '2026-04-07T00:30:00-04:00', therapist: 'cleo' })
  const late = (b, verb, body) => post(`/api/v1/bookings/${b.id}/${verb}`, body, bearer(b.manage_token))
  refused(await late(today, 'cancel', {}), 422, 'too-late')
  refused(await late(today, 'reschedule', { start: '2026-04-09T14:00:00-04:00' }), 422, 'too-late')
  refused(await late(tomorrow, 'cancel', {}), 422, 'too-late')
  const moved = await late(tomorrow, 'reschedule', { start: '2026-04-09T00:30:00-04:00' })
  assert.equal(moved.status, 200, moved.text)
})

await test('what has left the practice file keeps its ids', async () => {
  const mine = await booked({ service: 'deep-90', start: '2026-04-15T14:15:00-04:00' })
  const file = JSON.parse(readFileSync(practiceFile, 'utf8'))
  file.services = file.services.filter((s) => s.id !== 'deep-90')
  const path = join(server.dir, 'less.json')
  writeFileSync(path, JSON.stringify(file))
  const applied = server.run(['apply', path])
  assert.equal(applied.code, 0, applied.stderr)
  const read = await get(`/api/v1/bookings/${mine.id}`, bearer(mine.manage_token))
  assert.equal(read.json.service, 'deep-90')
  refused(await get('/api/v1/availability?service=deep-90&from=2026-04-15&to=2026-04-15'), 422, 'invalid', ['service'])
  refused(await post('/api/v1/holds', { service: 'deep-90', start: '2026-04-16T14:15:00-04:00' }), 422, 'invalid', ['service'])
  refused(await post(`/api/v1/bookings/${mine.id}/reschedule`, { start: '2026-04-16T14:15:00-04:00' }, bearer(mine.manage_token)), 422, 'invalid', ['service'])
  assert.equal((await post(`/api/v1/bookings/${mine.id}/cancel`, {}, bearer(mine.manage_token))).json.status, 'cancelled')
})

await test('a room or a therapist that leaves while a hold stands on it: refused, and nothing is lost', async () => {
  const file = JSON.parse(readFileSync(practiceFile, 'utf8'))
  const apply = (name, change) => {
    const path = join(server.dir, name)
    writeFileSync(path, JSON.stringify(change(structuredClone(file))))
    const applied = server.run(['apply', path])
    assert.equal(applied.code, 0, applied.stderr)
  }
  const sound = () => assert.equal(server.run(['check']).code, 0)
  apply('whole.json', (f) => f)
  const start = '2026-04-20T14:15:00-04:00'
  const standing = await booked({ service: 'relief-60', start: '2026-04-21T11:00:00-04:00', therapist: 'ana' })
  const hold = async (therapist) => {
    const made = await post('/api/v1/holds', { service: 'relief-60', start, therapist })
    assert.equal(made.status, 201, made.text)
    return made.json.hold
  }
  const held = await hold('ana') // in room-1, the first that is free
  apply('room.json', (f) => {
    f.rooms = f.rooms.filter((room) => room.id !== 'room-1')
    for (const service of f.services) service.rooms = service.rooms.filter((room) => room !== 'room-1')
    return f
  })
  refused(await book({ service: 'relief-60', start, therapist: 'ana', hold: held }), 409, 'hold-expired')
  sound()
  assert.equal((await get(`/api/v1/bookings/${standing.id}`, bearer(standing.manage_token))).json.room, 'room-1')
  apply('whole.json', (f) => f)
  const again = await booked({ service: 'relief-60', start, therapist: 'ana', hold: held })
  assert.equal(again.room, 'room-1', 'the room is back within the hold: it is worth what it was')

  const late = await post('/api/v1/holds', { service: 'relief-60', start: '2026-04-22T14:15:00-04:00', therapist: 'ana' })
  assert.equal(late.status, 201, late.text)
  apply('therapist.json', (f) => {
    f.therapists = f.therapists.filter((one) => one.id !== 'ana')
    for (const service of f.services) service.therapists = service.therapists.filter((one) => one !== 'ana')
    f.services = f.services.filter((service) => service.therapists.length)
    return f
  })
  refused(await book({ service: 'relief-60', start: '2026-04-22T14:15:00-04:00', hold: late.json.hold }), 409, 'hold-expired')
  sound()
  apply('whole.json', (f) => f)
})

// ---- a database that does not answer ----

await test('while another program keeps the database nothing can be written: 503, and nothing is kept', async () => {
  const mine = await booked({ service: 'relief-60', start: '2026-04-27T11:00:00-04:00', therapist: 'ana' })
  const script = "import sqlite3,sys; db=sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None); db.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read(); db.execute('ROLLBACK')"
  const other = spawn('python3', ['-c', script, server.db.replace('sqlite:', '')], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise((locked) => other.stdout.once('data', locked))
  const start = '2026-04-28T11:00:00-04:00'
  const path = `/api/v1/bookings/${mine.id}`
  const answers = await Promise.all([
    post('/api/v1/holds', { service: 'relief-60', start }),
    book({ service: 'relief-60', start }),
    post(`${path}/reschedule`, { start }, bearer(mine.manage_token)),
    post(`${path}/cancel`, {}, bearer(mine.manage_token)),
  ])
  for (const answer of answers) {
    refused(answer, 503, 'unavailable')
    assert.ok(Number(answer.headers['retry-after']) > 0)
  }
  assert.equal((await get(path, bearer(mine.manage_token))).json.start, mine.start, 'reading goes on')
  other.stdin.end()
  await new Promise((ended) => other.once('exit', ended))
  assert.equal((await get(path, bearer(mine.manage_token))).json.status, 'confirmed')
  assert.ok((await open({ service: 'relief-60', from: '2026-04-28', to: '2026-04-28' })).some((slot) => slot.start === start), 'nothing of it was kept')
  assert.equal((await post(`${path}/cancel`, {}, bearer(mine.manage_token))).status, 200)
})

// ---- several practices ----

await test('hosts: unknown ones are nobody\'s where there are several practices', async () => {
  const file = JSON.parse(readFileSync(practiceFile, 'utf8'))
  const path = join(server.dir, 'second.json')
  writeFileSync(path, JSON.stringify({ ...file, slug: 'second', name: 'Second', hosts: [] }))
  assert.equal(server.run(['apply', path]).code, 0)
  const ask = (path, host) => get(path, { host })
  assert.equal((await ask('/api/v1/services', 'second.localhost')).json.practice.id, 'second')
  assert.equal((await ask('/api/v1/services', 'www.harbour.example')).json.practice.id, 'harbour-hands')
  refused(await ask('/api/v1/services', 'nobody.example'), 404, 'not-found')
  refused(await ask('/api/v1/availability?service=relief-60&from=2026-04-09&to=2026-04-09', 'nobody.example'), 404, 'not-found')
  refused(await post('/api/v1/holds', {}, { host: 'nobody.example' }), 404, 'not-found')
  refused(await post('/api/v1/bookings', {}, { host: 'nobody.example' }), 404, 'not-found')
  refused(await get(`/api/v1/bookings/${kept.id}`, { host: 'second.localhost', ...bearer(kept.manage_token) }), 404, 'not-found')
  assert.deepEqual((await ask('/healthz', 'nobody.example')).json, { status: 'pass' })
})

await test('the data holds together', async () => {
  const check = server.run(['check'])
  assert.equal(check.code, 0, check.stdout + check.stderr)
  assert.equal((await server.stop()).code, 0)
  server.remove()
})

// ---- rates ----

await test('too many requests', async () => {
  await begin({ limits: true })
  // each bucket fills up again while it is emptied: ask until it is empty
  const until429 = async (method, path, options) => {
    for (let round = 0; round < 200; round++) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => client(method, path, options)))
      const refusal = answers.find((a) => a.status === 429)
      if (!refusal) continue
      assert.deepEqual(openapi.problems(method, path, undefined, refusal), [])
      if (path.startsWith('/b/')) return // a page for people
      return refused(refusal, 429, 'too-many-requests')
    }
    assert.fail(`${path} was never refused`)
  }
  for (let i = 0; i < 30; i++) assert.equal((await post('/api/v1/bookings', {})).status, 422)
  refused(await post('/api/v1/bookings', {}), 429, 'too-many-requests')
  await until429('POST', '/api/v1/holds', { body: {} })
  for (const path of ['/api/v1/services', '/api/v1/availability', '/api/v1/bookings/x', '/api/v1/openapi.json', '/healthz', '/b/x.ics']) await until429('GET', path)
  for (const verb of ['cancel', 'reschedule']) await until429('POST', `/api/v1/bookings/x/${verb}`, { body: {} })
})
await server.stop()
server.remove()
