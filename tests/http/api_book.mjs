// The JSON API: what stands still, open times, holds, bookings, keys. A part of api.test.mjs.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { begin, bearer, book, booked, call, client, fields, get, open, openapi, post, refused, server, test } from './api_client.mjs'
import { practiceFile } from './server.mjs'

await begin({ clock: '2026-03-01T12:00:00Z' }) // a Sunday, 07:00 in New York

// ---- what stands still ----

await test('health', async () => {
  const answer = await get('/healthz')
  assert.deepEqual(answer.json, { status: 'pass' })
  assert.equal(answer.headers['cache-control'], 'no-store')
})

await test('the description is the file', async () => {
  const answer = await get('/api/v1/openapi.json')
  assert.equal(answer.text, readFileSync(new URL('../../src/interop/openapi.json', import.meta.url), 'utf8'))
  assert.match(answer.json.openapi, /^3\.1\./)
  // its own examples are true
  for (const [path, item] of Object.entries(answer.json.paths)) {
    for (const method of ['get', 'post']) {
      const content = item[method]?.requestBody?.content['application/json']
      if (!content) continue
      assert.equal(openapi.validate(['paths', path, method, 'requestBody', 'content', 'application/json', 'schema'], content.example), null)
    }
  }
})

await test('services', async () => {
  const { json } = await get('/api/v1/services')
  const file = JSON.parse(readFileSync(practiceFile, 'utf8'))
  assert.deepEqual(json.services, file.services.map((s) => ({
    id: s.id, name: s.name, description: s.description, minutes: s.minutes,
    buffer_before_minutes: s.buffer_before_minutes, buffer_after_minutes: s.buffer_after_minutes,
    price: s.price, currency: 'USD', therapists: s.therapists, rooms: s.rooms })))
  assert.deepEqual(json.therapists, file.therapists.map(({ id, name }) => ({ id, name })))
  assert.deepEqual(json.rooms, file.rooms)
  assert.deepEqual(json.practice, { id: file.slug, name: file.name, timezone: file.timezone, currency: 'USD', locale: 'en-US' })
})

await test('HEAD, unknown paths, other methods', async () => {
  const head = await client('HEAD', '/api/v1/services')
  assert.equal(head.status, 200)
  assert.equal(head.text, '')
  const nothing = await client('GET', '/api/v1/nothing')
  refused(nothing, 404, 'not-found')
  assert.equal(nothing.headers['content-type'], 'application/problem+json')
  assert.equal(openapi.validate(['components', 'schemas', 'Problem'], nothing.json), null)
  const wrong = await client('DELETE', '/api/v1/services')
  refused(wrong, 405, 'method-not-allowed')
  assert.match(wrong.headers.allow, /GET/)
  assert.equal(wrong.headers['access-control-allow-origin'], '*')
})

await test('preflight of every path', async () => {
  for (const path of Object.keys(openapi.doc.paths).filter((p) => p.startsWith('/api/'))) {
    const answer = await client('OPTIONS', path.replace(/\{\w+\}/, 'abc'),
      { headers: { Origin: 'https://elsewhere.example', 'Access-Control-Request-Method': 'POST' } })
    assert.equal(answer.status, 204, path)
    assert.equal(answer.headers['access-control-allow-origin'], '*')
    assert.match(answer.headers['access-control-allow-headers'], /Authorization.*Content-Type.*Idempotency-Key/)
    assert.match(answer.headers['access-control-allow-methods'], /POST/)
  }
})

await test('a page of another site may book', async () => {
  const answer = await post('/api/v1/bookings', {}, { headers: { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' } })
  refused(answer, 422, 'invalid', ['client', 'service', 'start'])
})

await test('every problem type is explained at its address', async () => {
  const types = new Set(JSON.stringify(openapi.doc).match(/\/problems\/[a-z-]+/g))
  types.delete('/problems/')
  assert.ok(types.size >= 15)
  for (const type of types) {
    const answer = await client('GET', type)
    assert.equal(answer.status, 200, type)
    assert.match(answer.headers['content-type'], /^text\/plain/)
  }
  assert.equal((await client('GET', '/problems/no-such')).status, 404)
})

// ---- availability ----

const DAY = { from: '2026-03-09', to: '2026-03-09' } // a Monday

await test('a day of one therapist', async () => {
  const slots = await open({ service: 'relief-60', therapist: 'ana', ...DAY })
  assert.equal(slots.length, 13 + 9)
  assert.deepEqual(slots[0], { start: '2026-03-09T09:00:00-04:00', end: '2026-03-09T10:00:00-04:00', therapists: ['ana'] })
  assert.equal(slots[12].start, '2026-03-09T12:00:00-04:00')
  assert.equal(slots[13].start, '2026-03-09T14:00:00-04:00')
  assert.equal(slots.at(-1).start, '2026-03-09T16:00:00-04:00')
})

await test('all therapists of the service, in the order of their ids', async () => {
  const slots = await open({ service: 'call-30', from: '2026-03-10', to: '2026-03-10' })
  const at = (time) => slots.find((s) => s.start.slice(11, 16) === time)?.therapists
  assert.deepEqual(at('00:00'), ['cleo'])
  assert.deepEqual(at('09:00'), ['ana'])
  assert.deepEqual(at('10:00'), ['ana', 'ben'])
  assert.deepEqual(at('13:00'), ['ben'])
  assert.equal(at('18:00'), undefined)
})

await test('periods that touch across midnight are one', async () => {
  const monday = await open({ service: 'call-30', therapist: 'cleo', ...DAY })
  assert.equal(monday.length, 16)
  assert.deepEqual([monday.at(-1).start, monday.at(-1).end], ['2026-03-09T23:45:00-04:00', '2026-03-10T00:15:00-04:00'])
  assert.equal((await open({ service: 'call-30', therapist: 'cleo', from: '2026-03-10', to: '2026-03-10' })).length, 7)
})

await test('exceptions replace the hours of their date', async () => {
  assert.deepEqual(await open({ service: 'relief-60', therapist: 'ana', from: '2026-03-12', to: '2026-03-12' }), [])
  const saturday = await open({ service: 'relief-60', therapist: 'ana', from: '2026-03-14', to: '2026-03-14' })
  assert.deepEqual(saturday.map((s) => s.start.slice(11, 16)), ['10:00', '10:15', '10:30', '10:45', '11:00'])
})

await test('the day on which clocks go forward', async () => {
  const slots = await open({ service: 'relief-60', therapist: 'ben', from: '2026-03-08', to: '2026-03-08' })
  assert.equal(slots.length, 17) // 00:00 to 06:00 are five hours
  assert.ok(slots.every((s) => s.start.slice(11, 13) !== '02'))
  const over = slots.find((s) => s.start === '2026-03-08T01:30:00-05:00')
  assert.equal(over.end, '2026-03-08T03:30:00-04:00')
  for (const s of slots) assert.equal(Date.parse(s.end) - Date.parse(s.start), 3600e3)
})

for (const [zone, offset] of [['Europe/Rome', '+01:00'], ['Asia/Kathmandu', '+05:45'], ['UTC', '+00:00'], ['Pacific/Honolulu', '-10:00'], ['America/St_Johns', '-02:30']]) {
  await test(`seen from ${zone}`, async () => {
    const answer = await get(`/api/v1/availability?service=call-30&from=2026-03-15&to=2026-03-21&tz=${zone}`)
    assert.equal(answer.json.timezone, zone)
    const slots = answer.json.slots
    const own = await open({ service: 'call-30', from: '2026-03-13', to: '2026-03-23' })
    const day = (s) => s.start.slice(0, 10)
    assert.ok(slots.length > 100)
    for (const s of slots) {
      assert.equal(s.start.slice(19), offset)
      assert.equal(s.end.slice(19), offset)
      assert.ok(day(s) >= '2026-03-15' && day(s) <= '2026-03-21', s.start)
      assert.equal(Date.parse(s.end) - Date.parse(s.start), 1800e3)
      const shown = new Date(s.start).toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T')
      assert.equal(s.start.slice(0, 19), shown)
    }
    // the same instants as the practice sees, on the viewer's dates
    const viewed = (s) => new Date(s.start).toLocaleDateString('sv-SE', { timeZone: zone })
    const expected = own.filter((s) => viewed(s) >= '2026-03-15' && viewed(s) <= '2026-03-21')
    assert.deepEqual(slots.map((s) => Date.parse(s.start)), expected.map((s) => Date.parse(s.start)))
    assert.deepEqual(slots.map((s) => s.therapists), expected.map((s) => s.therapists))
  })
}

await test('a viewer whose own clocks change within the answer', async () => {
  const slots = await open({ service: 'call-30', from: '2026-03-27', to: '2026-03-31', tz: 'Europe/Rome' })
  assert.deepEqual([...new Set(slots.map((s) => s.start.slice(19)))], ['+01:00', '+02:00'])
  for (const s of slots) assert.equal(s.start.slice(0, 19), new Date(s.start).toLocaleString('sv-SE', { timeZone: 'Europe/Rome' }).replace(' ', 'T'))
})

await test('62 dates are the most', async () => {
  assert.ok((await open({ service: 'call-30', from: '2026-03-01', to: '2026-05-01' })).length > 500)
  refused(await get('/api/v1/availability?service=call-30&from=2026-03-01&to=2026-05-02'), 422, 'invalid', ['to'])
})

await test('notice and horizon', async () => {
  assert.deepEqual(await open({ service: 'call-30', from: '2026-02-01', to: '2026-03-01' }), [])
  const last = await open({ service: 'relief-60', from: '2026-04-25', to: '2026-05-20' })
  assert.equal(last.at(-1).start.slice(0, 10), '2026-04-30') // 60 days from today, whole
  assert.equal(last.at(-1).start.slice(11, 16), '17:00')
})

await test('the ends of the calendar', async () => {
  for (const date of ['9999-12-31', '0001-01-01', '1970-01-01', '2400-02-29']) {
    for (const tz of ['Pacific/Kiritimati', 'Pacific/Niue', 'America/New_York'])
      assert.deepEqual(await open({ service: 'call-30', from: date, to: date, tz }), [])
  }
})

await test('wrong questions', async () => {
  const ask = (query) => get(`/api/v1/availability${query}`)
  refused(await ask(''), 422, 'invalid', ['from', 'service', 'to'])
  refused(await ask('?service=relief-60&from=2026-02-30&to=2026-3-1'), 422, 'invalid', ['from', 'to'])
  refused(await ask('?service=relief-60&from=2026-03-10&to=2026-03-09'), 422, 'invalid', ['to'])
  refused(await ask('?service=none&therapist=nobody&tz=Mars/Olympus&from=x&to=y'), 422, 'invalid', ['from', 'service', 'therapist', 'to', 'tz'])
  refused(await ask('?service=relief-60&from=2026-03-09&to=2026-03-09&tz=../../etc/passwd'), 422, 'invalid', ['tz'])
  for (const e of (await ask('')).json.errors) assert.match(e.message, /^[A-Z].*\.$/)
})

await test('a therapist who does not give the service offers nothing', async () => {
  assert.deepEqual(await open({ service: 'relief-60', therapist: 'cleo', ...DAY }), [])
})

// ---- holds ----

const TUESDAY = '2026-03-10T10:00:00-04:00'

await test('holds: two therapists, two rooms, then no more', async () => {
  const hold = (extra) => post('/api/v1/holds', { service: 'relief-60', start: TUESDAY, ...extra })
  const first = await hold({ therapist: 'ana' })
  assert.equal(first.status, 201)
  assert.equal(Math.abs(Date.parse(first.json.expires_at) - Date.parse('2026-03-01T12:10:00Z')) < 60e3, true)
  assert.match(first.json.expires_at, /-05:00$/)
  refused(await hold({ therapist: 'ana' }), 409, 'slot-taken')
  const open10 = (await open({ service: 'relief-60', from: '2026-03-10', to: '2026-03-10' })).find((s) => s.start === TUESDAY)
  assert.deepEqual(open10.therapists, ['ben'])
  const second = await hold({ therapist: null })
  assert.equal(second.status, 201)
  refused(await hold(), 409, 'slot-taken')
  refused(await book({ service: 'relief-60', start: TUESDAY }), 409, 'slot-taken')

  const other = await book({ service: 'relief-60', start: '2026-03-10T11:15:00-04:00', hold: first.json.hold })
  refused(other, 422, 'invalid', ['hold'])
  refused(await book({ service: 'relief-60', start: TUESDAY, therapist: 'ben', hold: first.json.hold }), 422, 'invalid', ['hold'])
  const mine = await booked({ service: 'relief-60', start: TUESDAY, hold: first.json.hold })
  assert.equal(mine.therapist, 'ana')
  refused(await book({ service: 'relief-60', start: TUESDAY, hold: first.json.hold }), 409, 'hold-expired')
  refused(await book({ service: 'relief-60', start: TUESDAY, hold: 'never-made' }), 409, 'hold-expired')
})

await test('wrong holds', async () => {
  const hold = (body) => post('/api/v1/holds', body)
  refused(await hold({}), 422, 'invalid', ['service', 'start'])
  refused(await hold({ service: 'none', start: TUESDAY, therapist: 'nobody', extra: 1 }), 422, 'invalid', ['extra', 'service', 'therapist'])
  refused(await hold({ service: 'relief-60', start: TUESDAY, therapist: 'cleo' }), 422, 'invalid', ['therapist'])
  refused(await hold({ service: 'relief-60', start: '2026-03-10T08:00:00-04:00' }), 422, 'outside-hours')
  refused(await hold({ service: 'relief-60', start: '2026-06-09T10:00:00-04:00' }), 422, 'too-far')
  refused(await hold({ service: 'relief-60', start: '2026-02-24T10:00:00-05:00' }), 422, 'too-soon')
})

// ---- bookings ----

export let kept
await test('booking, reading, the answer\'s fields', async () => {
  const answer = await book({ service: 'relief-60', start: '2026-03-11T13:00:00Z', therapist: 'ana', note: 'Left shoulder.\nFirst visit.' })
  assert.equal(answer.status, 201)
  assert.equal(answer.headers['cache-control'], 'no-store')
  kept = answer.json
  const { id, manage_token: token, manage_url: url, ...rest } = kept
  assert.deepEqual(rest, { status: 'confirmed', service: 'relief-60', start: '2026-03-11T09:00:00-04:00', end: '2026-03-11T10:00:00-04:00', therapist: 'ana', room: 'room-1' })
  assert.equal(url, `${server.url}/b/${token}`)
  assert.equal(answer.headers.location, `/api/v1/bookings/${id}`)
  const read = await get(`/api/v1/bookings/${id}`, bearer(token))
  assert.deepEqual(read.json, { id, ...rest })
  const lower = await get(`/api/v1/bookings/${id}`, { headers: { Authorization: `bearer ${token}` } })
  assert.equal(lower.status, 200)
  const left = await open({ service: 'relief-60', therapist: 'ana', from: '2026-03-11', to: '2026-03-11' })
  assert.equal(left[0].start, '2026-03-11T10:15:00-04:00') // the buffer after
})

await test('a service without rooms; the least busy therapist', async () => {
  const first = await booked({ service: 'call-30', start: '2026-03-17T11:00:00-04:00' })
  assert.equal(first.room, null)
  assert.equal(first.therapist, 'ana')
  const second = await booked({ service: 'call-30', start: '2026-03-17T15:00:00-04:00' })
  assert.equal(second.therapist, 'ben')
  const third = await booked({ service: 'call-30', start: '2026-03-17T16:00:00-04:00', therapist: 'ben' })
  assert.equal(third.therapist, 'ben')
})

await test('tokens: wrong, foreign, missing', async () => {
  const other = await booked({ service: 'call-30', start: '2026-03-18T11:00:00-04:00', therapist: 'ana' })
  const path = `/api/v1/bookings/${kept.id}`
  for (const options of [bearer(other.manage_token), bearer('x'), bearer(''), {}, bearer(`${kept.manage_token}x`),
    { headers: { Authorization: `Basic ${kept.manage_token}` } }, { headers: { Authorization: kept.manage_token } }]) {
    refused(await get(path, options), 404, 'not-found')
    refused(await post(`${path}/cancel`, {}, options), 404, 'not-found')
    refused(await post(`${path}/reschedule`, { start: TUESDAY }, options), 404, 'not-found')
  }
  refused(await get('/api/v1/bookings/nothing', bearer(kept.manage_token)), 404, 'not-found')
  assert.equal((await get(path, bearer(kept.manage_token))).json.status, 'confirmed')
})

await test('instants that are no offered time', async () => {
  const at = (start) => book({ service: 'relief-60', start, therapist: 'ana' })
  refused(await at('2026-03-11T10:20:00-04:00'), 422, 'outside-hours') // off the grid
  refused(await at('2026-03-11T10:30:30-04:00'), 422, 'outside-hours')
  refused(await at('2026-03-11T10:30:00.5-04:00'), 422, 'outside-hours')
  refused(await at('2026-03-11T10:30:00+00:01'), 422, 'outside-hours')
})

await test('times refused by a rule', async () => {
  const at = (start, extra) => book({ service: 'relief-60', start, therapist: 'ana', ...extra })
  refused(await at('2026-03-11T12:30:00-04:00'), 422, 'outside-hours') // would end in the break
  refused(await at('2026-03-12T10:00:00-04:00'), 422, 'outside-hours') // closed by an exception
  refused(await at('2026-03-01T07:30:00-05:00'), 422, 'too-soon')
  refused(await at('2020-03-11T10:30:00-05:00'), 422, 'too-soon')
  refused(await at('2026-05-01T10:30:00-04:00'), 422, 'too-far')
  refused(await at('9999-12-31T23:59:59-00:00'), 422, 'too-far')
  refused(await at('0001-01-01T00:00:00+14:00'), 422, 'too-soon')
  refused(await at('2026-03-11T10:30:00-04:00', { therapist: 'cleo' }), 422, 'invalid', ['therapist'])
  refused(await at('2026-03-11T09:30:00-04:00'), 409, 'slot-taken')
})

await test('bodies with something wrong', async () => {
  const good = { service: 'relief-60', start: '2026-03-16T09:00:00-04:00', client: { name: 'Zoë 🌿', email: 'zoe@example.org' } }
  const wrong = async (change, names) => refused(await post('/api/v1/bookings', { ...good, ...change }), 422, 'invalid', names)
  const who = (change) => ({ client: { ...good.client, ...change } })
  await wrong({ service: undefined }, ['service'])
  await wrong({ service: 7 }, ['service'])
  await wrong({ start: '2026-03-16T09:00:00' }, ['start'])
  await wrong({ start: '2026-03-16' }, ['start'])
  await wrong({ start: 1773666000 }, ['start'])
  await wrong({ therapist: 'nobody' }, ['therapist'])
  await wrong({ therapist: '' }, ['therapist'])
  await wrong({ therapist: ['ana'] }, ['therapist'])
  await wrong({ client: undefined }, ['client'])
  await wrong({ client: 'Zoë' }, ['client'])
  await wrong({ client: {} }, ['client.email', 'client.name'])
  await wrong(who({ name: '  ' }), ['client.name'])
  await wrong(who({ name: 'x'.repeat(81) }), ['client.name'])
  await wrong(who({ name: 'two\nlines' }), ['client.name'])
  await wrong(who({ name: 'bell\u0007' }), ['client.name'])
  await wrong(who({ email: 'nobody' }), ['client.email'])
  await wrong(who({ email: 'a@b.example\r\nBcc: c@d.example' }), ['client.email'])
  await wrong(who({ phone: 'call me' }), ['client.phone'])
  await wrong(who({ age: 40 }), ['client.age'])
  await wrong({ note: 'x'.repeat(1001) }, ['note'])
  await wrong({ extra: true, hold: 5 }, ['extra', 'hold'])
  await wrong({ hold: 'x'.repeat(65) }, ['hold'])
  const fine = await post('/api/v1/bookings', { ...good, note: null, hold: null, ...who({ phone: '+1 (555) 0100' }) })
  assert.equal(fine.status, 201, fine.text)
})

await test('what is not JSON', async () => {
  const headers = { 'Content-Type': 'application/json' }
  for (const body of ['', '{', '[]', '"x"', 'null', '{"service":"a","service":"b"}', '{"a":\u0000}', '{"start":NaN}', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), '{"a":'.repeat(40) + '1' + '}'.repeat(40)]) {
    const answer = await client('POST', '/api/v1/bookings', { body, headers })
    assert.equal(answer.status, 400, `${body}`)
    assert.deepEqual(openapi.problems('POST', '/api/v1/bookings', undefined, answer), [])
    refused(answer, 400, 'malformed-json')
    refused(await client('POST', '/api/v1/holds', { body, headers }), 400, 'malformed-json')
  }
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx']) {
    for (const path of ['/api/v1/bookings', '/api/v1/holds'])
      refused(await post(path, '{}', { headers: { 'Content-Type': type } }), 415, 'unsupported-media-type')
  }
  const charset = await post('/api/v1/bookings', '{}', { headers: { 'Content-Type': 'application/json; charset=utf-8' } })
  refused(charset, 422, 'invalid')
})

await test('requests that cannot be read, and bodies too large', async () => {
  const bookingPath = `/api/v1/bookings/${kept.id}`
  for (const path of ['/api/v1/services', '/api/v1/availability', bookingPath, '/api/v1/openapi.json'])
    refused(await get(`${path}?x=%ff`), 400, 'malformed')
  for (const path of ['/healthz', '/b/x.ics']) assert.equal((await get(`${path}?x=%ff`)).status, 400)
  for (const path of ['/api/v1/bookings', '/api/v1/holds', `${bookingPath}/cancel`, `${bookingPath}/reschedule`]) {
    refused(await post(path, { note: 'x'.repeat(70000) }, bearer(kept.manage_token)), 413, 'too-large')
    refused(await post(path, '{', bearer(kept.manage_token)), 400, 'malformed-json')
    refused(await post(path, 'x', { headers: { 'Content-Type': 'text/plain', ...bearer(kept.manage_token).headers } }), 415, 'unsupported-media-type')
  }
})

// ---- Idempotency-Key ----

export const again = { service: 'relief-60', start: '2026-03-16T14:00:00-04:00', therapist: 'ana', client: { name: 'Ida Key', email: 'ida@example.org' } }
await test('the same key and body: the same answer', async () => {
  const options = { headers: { 'Idempotency-Key': 'c0ffee-1' } }
  const first = await post('/api/v1/bookings', again, options)
  assert.equal(first.status, 201)
  const second = await post('/api/v1/bookings', again, options)
  assert.deepEqual([second.status, second.text, second.headers.location], [201, first.text, first.headers.location])
  refused(await post('/api/v1/bookings', { ...again, note: 'x' }, options), 422, 'idempotency-mismatch')
  refused(await post('/api/v1/bookings', {}, options), 422, 'idempotency-mismatch')
  refused(await post('/api/v1/bookings', again), 409, 'slot-taken')
  // cancelled since: still what was said then
  await post(`/api/v1/bookings/${first.json.id}/cancel`, {}, bearer(first.json.manage_token))
  assert.equal((await post('/api/v1/bookings', again, options)).text, first.text)
  const files = ['balm.db', 'balm.db-wal'].map((f) => { try { return readFileSync(join(server.dir, f), 'latin1') } catch { return '' } }).join('')
  assert.ok(files.includes('Ida Key') && !files.includes(first.json.manage_token), 'the token is not in the database')
})

await test('the same key at the same time', async () => {
  const body = { ...again, start: '2026-03-16T15:15:00-04:00' }
  const answers = await Promise.all(Array.from({ length: 16 }, () => post('/api/v1/bookings', body, { headers: { 'Idempotency-Key': 'c0ffee-2' } })))
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [201])
  assert.equal(new Set(answers.map((a) => a.text)).size, 1)
})

await test('only what succeeded is kept; keys that are none', async () => {
  const options = { headers: { 'Idempotency-Key': 'c0ffee-3' } }
  refused(await post('/api/v1/bookings', { ...again, start: '2026-03-16T15:15:00-04:00' }, options), 409, 'slot-taken')
  const mended = await post('/api/v1/bookings', { ...again, start: '2026-03-19T15:15:00-04:00' }, options)
  assert.equal(mended.status, 201, mended.text)
  for (const key of ['x'.repeat(256), 'a b', 'ké'])
    refused(await post('/api/v1/bookings', again, { headers: { 'Idempotency-Key': Buffer.from(key).toString('latin1') } }), 422, 'invalid', ['Idempotency-Key'])
})
