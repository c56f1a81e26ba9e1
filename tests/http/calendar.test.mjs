// The staff calendar's endpoints against the real program. usage: BALM=path/to/balm node calendar.mjs
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeClient, practiceFile, start } from './server.mjs'

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

const PASSWORD = 'calm harbour morning'
let server
let client
let cookie = ''

const own = () => ({ Origin: server.url, Cookie: cookie })

async function signIn(email) {
  const answer = await client('POST', '/staff/sign-in', {
    body: new URLSearchParams({ email, password: PASSWORD }).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: server.url },
  })
  assert.equal(answer.status, 303, answer.text.slice(0, 300))
  return answer.headers['set-cookie'][0].split(';')[0]
}

async function begin(clock, practice = practiceFile) {
  server = await start({ clock, practice })
  client = makeClient(server.port)
  for (const [email, role] of [['olga@harbour.example', 'owner'], ['ana@harbour.example', 'therapist'], ['dee@harbour.example', 'desk']]) {
    const added = server.run(['user', 'add', email, '--practice', 'harbour-hands', '--role', role], `${PASSWORD}\n`)
    assert.equal(added.code, 0, added.stderr)
  }
  cookie = await signIn('olga@harbour.example')
}

async function end() {
  const checked = server.run(['check'])
  await server.stop()
  server.remove()
  return checked
}

const get = (path) => client('GET', `/staff/calendar/${path}`, { headers: own() })
const post = (path, body) => client('POST', `/staff/calendar/${path}`, { body, headers: own() })
const range = async (from, to) => {
  const answer = await get(`events?from=${from}&to=${to}`)
  assert.equal(answer.status, 200, answer.text)
  assert.match(answer.headers['cache-control'], /no-store/)
  return answer.json
}
const typeOf = (answer) => answer.json?.type?.split('/').pop()

function refused(answer, status, type, words) {
  assert.equal(answer.status, status, answer.text)
  assert.match(answer.headers['content-type'], /problem\+json/)
  assert.equal(typeOf(answer), type, answer.text)
  if (words) assert.match(answer.json.detail.replaceAll('\u00a0', ' '), words)
}

let people = 0
async function book(fields) {
  people++
  const answer = await post('book', {
    service: 'relief-60', therapist: 'ana', client: { name: `Robin Vale ${people}`, email: `robin${people}@example.org` }, ...fields,
  })
  return answer
}
async function booked(fields) {
  const answer = await book(fields)
  assert.equal(answer.status, 200, answer.text)
  return answer.json.booking
}

await begin('2026-03-02T12:00:00Z') // a Monday, 7:00 in New York; daylight saving begins on Sunday the 8th

await test('only staff', async () => {
  for (const [method, path] of [['GET', 'events?from=2026-03-02&to=2026-03-09'], ['GET', 'clients?q=a'], ['GET', 'live'],
    ['POST', 'move'], ['POST', 'book'], ['POST', 'status'], ['POST', 'cancel'], ['POST', 'time-off']]) {
    const answer = await client(method, `/staff/calendar/${path}`, { headers: { Origin: server.url }, ...(method === 'POST' ? { body: {} } : {}) })
    assert.equal(answer.status, 401, `${method} ${path}: ${answer.status} ${answer.text}`)
    assert.match(answer.headers['content-type'], /problem\+json/)
  }
  const page = await client('GET', '/staff/calendar')
  assert.equal(page.status, 303)
  assert.match(page.headers.location, /\/staff\/sign-in/)
})

await test('every role has the calendar', async () => {
  const kept = cookie
  for (const email of ['ana@harbour.example', 'dee@harbour.example']) {
    cookie = await signIn(email)
    assert.equal((await get('events?from=2026-03-02&to=2026-03-09')).status, 200)
  }
  cookie = kept
})

await test('changes from other sites are refused', async () => {
  const body = { action: 'add', therapist: 'ana', start: '2026-03-20T09:00', end: '2026-03-20T10:00' }
  for (const headers of [{ Cookie: cookie, Origin: 'https://evil.example' }, { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' }, { Cookie: cookie }]) {
    const answer = await client('POST', '/staff/calendar/time-off', { body, headers })
    assert.equal(answer.status, 403, answer.text)
  }
  assert.equal((await range('2026-03-20', '2026-03-21')).time_off.length, 0)
})

await test('the page: the week as a table, words in both languages, no inline style or script', async () => {
  const session = await booked({ start: '2026-03-06T09:00', client: { name: 'Rosa </script> & "Delgado"', email: 'rosa@example.org' } })
  const page = await client('GET', '/staff/calendar?day=2026-03-06', { headers: own() })
  assert.equal(page.status, 200)
  assert.match(page.text, /Rosa &lt;\/script&gt; &amp;/)
  assert.ok(page.text.includes(`/staff/bookings/${session.number}`))
  assert.match(page.text, /All times are New York time/)
  assert.doesNotMatch(page.text, / style=| on[a-z]+="/)
  assert.equal(page.text.match(/<script/g).length, page.text.match(/<script type="(module" src=|application\/json")/g).length)
  const config = JSON.parse(/id="calendar-config">([^]*?)<\/script>/.exec(page.text)[1])
  assert.equal(config.zone, 'America/New_York')
  assert.equal(config.day, '2026-03-06')
  assert.equal(config.words.moved, '{client} is now on {when}. They get an e-mail.')
  const spanish = await client('GET', '/staff/calendar', { headers: { ...own(), 'Accept-Language': 'es' } })
  assert.match(spanish.text, /Nueva sesión/)
  assert.match(/id="calendar-config">([^]*?)<\/script>/.exec(spanish.text)[1], /Tiempo libre|tiempo libre/)
  for (const word of Object.values(config.words)) assert.ok(word.length > 0)
})

await test('events: bookings, hours, holds, time off', async () => {
  const hold = await client('POST', '/api/v1/holds', { body: { service: 'relief-60', start: '2026-03-03T14:00:00-05:00', therapist: 'ana' } })
  assert.equal(hold.status, 201, hold.text)
  const session = await booked({ start: '2026-03-03T09:00', note: 'Left hip' })
  const off = await post('time-off', { action: 'add', therapist: 'ana', start: '2026-03-03T11:00', end: '2026-03-03T12:00', note: 'dentist' })
  assert.equal(off.status, 200, off.text)
  const day = await range('2026-03-03', '2026-03-04')
  const shown = day.bookings.find((one) => one.id === session.id)
  assert.deepEqual([shown.start, shown.end, shown.at, shown.minutes, shown.before, shown.after],
    ['2026-03-03T09:00:00', '2026-03-03T10:00:00', '2026-03-03T09:00:00-05:00', 60, 0, 15])
  assert.deepEqual([shown.status, shown.first, shown.note, shown.therapist, shown.room], ['confirmed', true, 'Left hip', 'ana', 'Quiet room'])
  assert.deepEqual(day.time_off.map((one) => [one.therapist, one.start, one.end, one.note]), [['ana', '2026-03-03T11:00:00', '2026-03-03T12:00:00', 'dentist']])
  assert.deepEqual(day.holds.map((one) => [one.therapist, one.start, one.end]), [['ana', '2026-03-03T14:00:00', '2026-03-03T15:15:00']])
  const hours = day.hours.map((one) => `${one.therapist} ${one.start.slice(5)} ${one.end.slice(5)}`).sort()
  assert.deepEqual(hours, ['ana 03-03T09:00:00 03-03T13:00:00', 'ana 03-03T14:00:00 03-03T17:00:00',
    'ben 03-03T10:00:00 03-03T18:00:00', 'cleo 03-03T00:00:00 03-03T02:00:00'].sort())
  await post('time-off', { action: 'remove', id: off.json.time_off.id })
  for (const bad of ['from=2026-03-03&to=2026-03-03', 'from=2026-03-03', 'from=x&to=y', 'from=2026-01-01&to=2026-12-31'])
    assert.equal((await get(`events?${bad}`)).status, 422, bad)
})

await test('moving, and moving back', async () => {
  const was = await booked({ start: '2026-03-04T09:00' })
  const moved = await post('move', { id: was.id, start: '2026-03-04T15:00' })
  assert.equal(moved.status, 200, moved.text)
  assert.equal(moved.json.booking.at, '2026-03-04T15:00:00-05:00')
  assert.deepEqual(moved.json.passed, [])
  const other = await post('move', { id: was.id, start: '2026-03-05T10:00', therapist: 'ben', minutes: 90 })
  assert.deepEqual([other.json.booking.therapist, other.json.booking.minutes], ['ben', 90])
  const back = await post('move', { id: was.id, start: was.at, therapist: was.therapist, minutes: was.minutes })
  assert.deepEqual([back.json.booking.at, back.json.booking.until, back.json.booking.therapist], [was.at, was.until, was.therapist])
  const nothing = await post('move', { id: was.id, start: was.at, therapist: was.therapist })
  assert.equal(nothing.status, 200)
  const day = await range('2026-03-04', '2026-03-05')
  assert.equal(day.bookings.filter((one) => one.id === was.id).length, 1)
})

await test('staff may pass over rules, and are told which', async () => {
  const was = await booked({ start: '2026-03-09T09:00' })
  const cases = [
    [{ start: '2026-03-09T07:00' }, [/outside Ana Reyes's hours/]],
    [{ start: '2026-03-09T09:05' }, [/between the times/]],
    [{ start: '2026-03-02T08:00' }, [/notice is too short/, /outside Ana/]],
    [{ start: '2026-03-02T06:00' }, [/already begun/, /outside Ana/]],
    [{ start: '2026-06-01T09:00' }, [/so far ahead/]],
    [{ start: '2026-03-09T09:00', minutes: 235 }, []],
    [{ start: '2026-03-09T21:00', therapist: 'cleo' }, [/does not usually give/]],
  ]
  for (const [to, words] of cases) {
    const moved = await post('move', { id: was.id, therapist: 'ana', minutes: 60, ...to })
    assert.equal(moved.status, 200, moved.text)
    assert.equal(moved.json.passed.length, words.length, `${JSON.stringify(to)}: ${moved.json.passed}`)
    words.forEach((word, i) => assert.match(moved.json.passed[i], word))
  }
  refused(await post('move', { id: was.id, therapist: 'ana', start: '2026-03-09T07:00', lenient: false }), 422, 'outside-hours')
})

await test('fields that are unknown, very long or very many: named, refused, survived', async () => {
  const long = 'x'.repeat(60000)
  const strange = '\u0000"<é>\\\u2028'
  const many = (n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`field-${i}-${'y'.repeat(60)}`, i]))
  for (const path of ['move', 'book', 'status', 'cancel', 'time-off']) {
    for (const body of [{ [long]: 1 }, { [long]: { [long.slice(0, 900)]: [] } }, { [strange]: 1 }, many(250), many(700), { client: { [long]: 1 } }, { id: long }]) {
      const answer = await post(path, body)
      assert.ok([400, 422].includes(answer.status), `${path}: ${answer.status} ${answer.text.slice(0, 200)}`)
      assert.match(answer.headers['content-type'], /problem\+json/)
      if (answer.status === 422) assert.ok(answer.json.errors.length > 0 && answer.json.errors.every((e) => e.field && e.message), path)
    }
    const named = (await post(path, { [long]: 1 })).json
    assert.ok(named.errors.some((e) => e.field === long || long.startsWith(e.field.replace(/[.…]+$/, ''))), `${path} names the field`)
    const strangely = await post(path, { [strange.slice(1)]: 1 })
    assert.ok(strangely.json.errors.some((e) => e.field === strange.slice(1)), path)
  }
})

await test('the note of a time off: kept by a move, changed where one is sent', async () => {
  const day = '2026-03-27'
  const span = { therapist: 'ana', start: `${day}T09:00`, end: `${day}T10:00` }
  const added = (await post('time-off', { action: 'add', ...span, note: 'Course' })).json.time_off
  const noteNow = async () => (await range(day, '2026-03-28')).time_off.find((off) => off.id === added.id).note
  assert.equal((await post('time-off', { action: 'move', id: added.id, ...span, end: `${day}T11:00` })).status, 200)
  assert.equal(await noteNow(), 'Course')
  assert.equal((await post('time-off', { action: 'move', id: added.id, ...span, note: 'Dentist' })).status, 200)
  assert.equal(await noteNow(), 'Dentist')
  assert.equal((await post('time-off', { action: 'move', id: added.id, ...span, note: '' })).status, 200)
  assert.equal(await noteNow(), '')
  refused(await post('time-off', { action: 'move', id: added.id, ...span, note: 'x'.repeat(1001) }), 422, 'invalid')
  assert.equal((await post('time-off', { action: 'remove', id: added.id })).status, 200)
})

await test('nothing overlaps, and the words say what is in the way', async () => {
  const first = await booked({ start: '2026-03-10T09:00', client: { name: 'June Park', email: 'june@example.org' } })
  const second = await booked({ start: '2026-03-10T10:15' })
  refused(await post('move', { id: second.id, start: '2026-03-10T10:00' }), 409, 'slot-taken', /Ana Reyes has June Park from 9:00 AM to 10:15 AM/)
  refused(await book({ start: '2026-03-10T09:30' }), 409, 'slot-taken', /June Park/)
  refused(await post('move', { id: first.id, start: first.at, minutes: 75 }), 409, 'slot-taken')
  refused(await post('time-off', { action: 'add', therapist: 'ana', start: '2026-03-10T08:00', end: '2026-03-10T12:00' }), 409, 'slot-taken', /June Park on Tuesday, March 10/)
  const off = await post('time-off', { action: 'add', therapist: 'ana', start: '2026-03-10T14:00', end: '2026-03-10T15:00' })
  refused(await post('move', { id: second.id, start: '2026-03-10T14:30' }), 409, 'slot-taken', /time off/)
  await client('POST', '/api/v1/holds', { body: { service: 'relief-60', start: '2026-03-10T15:15:00-04:00', therapist: 'ana' } })
  refused(await post('move', { id: second.id, start: '2026-03-10T15:30' }), 409, 'slot-taken', /right now/)
  assert.equal(off.status, 200)
  const day = await range('2026-03-10', '2026-03-11')
  assert.deepEqual(day.bookings.map((one) => one.at), ['2026-03-10T09:00:00-04:00', '2026-03-10T10:15:00-04:00'])
})

await test('what is booked outside is seen inside, and the other way round', async () => {
  const answer = await client('POST', '/api/v1/bookings', { body: { service: 'relief-60', therapist: 'ana', start: '2026-03-11T09:00:00-04:00', client: { name: 'Kai Outside', email: 'kai@example.org' } } })
  assert.equal(answer.status, 201, answer.text)
  assert.ok((await range('2026-03-11', '2026-03-12')).bookings.some((one) => one.client.name === 'Kai Outside'))
  await booked({ start: '2026-03-11T11:00' })
  const taken = await client('POST', '/api/v1/bookings', { body: { service: 'relief-60', therapist: 'ana', start: '2026-03-11T11:00:00-04:00', client: { name: 'Kai Outside', email: 'kai@example.org' } } })
  assert.equal(taken.status, 409)
})

await test('time off: add, move, take out, put back', async () => {
  const added = await post('time-off', { action: 'add', therapist: 'ben', start: '2026-03-19T10:00', end: '2026-03-19T12:00', note: 'course' })
  assert.equal(added.status, 200, added.text)
  const id = added.json.time_off.id
  const moved = await post('time-off', { action: 'move', id, therapist: 'ben', start: '2026-03-19T13:00', end: '2026-03-19T15:00' })
  assert.equal(moved.json.time_off.start, '2026-03-19T13:00:00')
  refused(await post('time-off', { action: 'move', id, therapist: 'ben', start: '2026-03-19T13:00', end: '2026-03-19T13:00' }), 422, 'ends-before-start')
  refused(await post('time-off', { action: 'move', id: 9999, therapist: 'ben', start: '2026-03-19T13:00', end: '2026-03-19T14:00' }), 404, 'unknown-time-off')
  assert.equal((await post('time-off', { action: 'remove', id })).status, 200)
  refused(await post('time-off', { action: 'remove', id }), 404, 'unknown-time-off', /not in the calendar/)
  const back = await post('time-off', { action: 'add', therapist: 'ben', start: moved.json.time_off.at, end: moved.json.time_off.until, note: 'course' })
  assert.equal(back.json.time_off.start, '2026-03-19T13:00:00')
})

await test('how it went, and back', async () => {
  const was = await booked({ start: '2026-03-16T09:00' })
  for (const status of ['done', 'no-show', 'confirmed']) {
    const answer = await post('status', { id: was.id, status })
    assert.equal(answer.json.booking.status, status)
  }
  await post('status', { id: was.id, status: 'done' })
  refused(await post('move', { id: was.id, start: '2026-03-16T10:00' }), 422, 'not-confirmed')
  assert.equal((await post('status', { id: was.id, status: 'cancelled' })).status, 422)
})

await test('cancelling frees the time', async () => {
  const was = await booked({ start: '2026-03-17T09:00' })
  const answer = await post('cancel', { id: was.id, reason: 'ill' })
  assert.equal(answer.json.booking.status, 'cancelled')
  assert.ok(!(await range('2026-03-17', '2026-03-18')).bookings.some((one) => one.id === was.id))
  refused(await post('cancel', { id: was.id }), 422, 'not-confirmed')
  assert.equal((await book({ start: '2026-03-17T09:00' })).status, 200)
})

await test('clients: found as one types, booked by their number', async () => {
  await booked({ start: '2026-03-18T09:00', client: { name: 'Zoë Ångström', email: 'zoe@example.org', phone: '+1 555 0199' } })
  const found = await get('clients?q=zoe')
  assert.deepEqual(found.json.clients.map((one) => one.name), ['Zoë Ångström'])
  assert.deepEqual((await get('clients?q=')).json.clients, [])
  const again = await booked({ start: '2026-03-18T11:00', client: { id: found.json.clients[0].id } })
  assert.equal(again.client.name, 'Zoë Ångström')
  assert.equal(again.first, false)
  refused(await book({ start: '2026-03-18T14:00', client: { id: 999999 } }), 404, 'unknown-client')
})

await test('what is wrong with a new session is said field by field', async () => {
  const answer = await book({ start: '2026-03-23T09:00', client: { name: '', email: 'nobody' } })
  refused(answer, 422, 'invalid')
  assert.deepEqual(answer.json.errors.map((error) => error.field).sort(), ['client.email', 'client.name'])
  for (const error of answer.json.errors) assert.match(error.message, /\w+ \w+/)
  for (const wrong of [{ service: 'nope' }, { therapist: 'nope' }, { minutes: 4 }, { minutes: 100000 }, { start: 'noon' }, { extra: 1 }, { client: 3 }, { note: 'x'.repeat(1001) }])
    assert.equal((await book({ start: '2026-03-23T09:00', ...wrong })).status, 422, JSON.stringify(wrong))
  for (const body of ['{', '[]', '"x"', '{"id":"a","id":"b"}', ''])
    assert.equal((await client('POST', '/staff/calendar/move', { body, headers: { ...own(), 'Content-Type': 'application/json' } })).status, 400, body)
  assert.equal((await client('POST', '/staff/calendar/move', { body: 'id=1', headers: { ...own(), 'Content-Type': 'text/plain' } })).status, 400)
  refused(await post('move', { id: 'nope', start: '2026-03-23T09:00' }), 404, 'unknown-booking')
})

await test('the night that skips an hour', async () => {
  const night = await range('2026-03-08', '2026-03-09')
  assert.deepEqual(night.shifts, [{ kind: 'skips', from: '2026-03-08T02:00:00', to: '2026-03-08T03:00:00', before: '-05:00', after: '-04:00' }])
  refused(await book({ start: '2026-03-08T02:30', therapist: 'ben' }), 422, 'no-such-hour', /does not exist/)
  const session = await booked({ start: '2026-03-08T01:30', therapist: 'ben' })
  assert.deepEqual([session.start, session.end, session.at, session.until, session.minutes],
    ['2026-03-08T01:30:00', '2026-03-08T03:30:00', '2026-03-08T01:30:00-05:00', '2026-03-08T03:30:00-04:00', 60])
  refused(await post('move', { id: session.id, start: '2026-03-08T02:00' }), 422, 'no-such-hour')
  const moved = await post('move', { id: session.id, start: '2026-03-08T03:00' })
  assert.equal(moved.json.booking.at, '2026-03-08T03:00:00-04:00')
})

function listen() {
  return new Promise((done, fail) => {
    const request = http.get({ host: '127.0.0.1', port: server.port, path: '/staff/calendar/live', headers: { Cookie: cookie }, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => { text += chunk })
      done({ response, text: () => text, close: () => request.destroy() })
    })
    request.on('error', fail)
  })
}

async function until(what, ms = 5000) {
  const end = Date.now() + ms
  while (!what()) {
    if (Date.now() > end) throw new Error('waited in vain')
    await new Promise((done) => setTimeout(done, 20))
  }
}

await test('live: staff and public changes are told, refusals are not', async () => {
  const stream = await listen()
  try {
    assert.equal(stream.response.statusCode, 200)
    assert.match(stream.response.headers['content-type'], /text\/event-stream/)
    const changes = () => stream.text().split('event: changed').length - 1
    const session = await booked({ start: '2026-03-24T09:00' })
    await until(() => changes() === 1)
    refused(await post('move', { id: session.id, start: 'noon' }), 422, 'bad-time')
    refused(await book({ start: '2026-03-24T09:30' }), 409, 'slot-taken')
    const outside = await client('POST', '/api/v1/bookings', { body: { service: 'relief-60', therapist: 'ana', start: '2026-03-24T14:00:00-04:00', client: { name: 'Live One', email: 'live@example.org' } } })
    assert.equal(outside.status, 201, outside.text)
    await until(() => changes() >= 2)
    assert.equal(changes(), 2)
  } finally {
    stream.close()
  }
})

await test('the data is sound', async () => {
  const checked = await end()
  assert.equal(checked.code, 0, checked.stdout + checked.stderr)
})

await begin('2026-10-26T12:00:00Z') // the clocks go back on Sunday, November 1

await test('the night that repeats an hour', async () => {
  const night = await range('2026-11-01', '2026-11-02')
  assert.deepEqual(night.shifts, [{ kind: 'repeats', from: '2026-11-01T01:00:00', to: '2026-11-01T02:00:00', before: '-04:00', after: '-05:00' }])
  const first = await booked({ start: '2026-11-01T01:30', therapist: 'ben', service: 'call-30' })
  assert.equal(first.at, '2026-11-01T01:30:00-04:00')
  assert.equal(first.end, '2026-11-01T02:00:00', 'drawn as long as it is')
  const second = await booked({ start: '2026-11-01T01:30:00-05:00', therapist: 'ben', service: 'call-30' })
  assert.deepEqual([second.start, second.at], ['2026-11-01T01:30:00', '2026-11-01T01:30:00-05:00'])
  const moved = await post('move', { id: second.id, start: '2026-11-01T01:00' })
  assert.equal(moved.json.booking.at, '2026-11-01T01:00:00-05:00', 'stays in the second of the two')
  const earlier = await post('move', { id: first.id, start: '2026-11-01T01:00' })
  assert.equal(earlier.json.booking.at, '2026-11-01T01:00:00-04:00', 'stays in the first of the two')
})

await test('the data is still sound', async () => {
  const checked = await end()
  assert.equal(checked.code, 0, checked.stdout + checked.stderr)
})

await test('opens on today, or on the next day that has anything left', async () => {
  const file = JSON.parse(readFileSync(practiceFile, 'utf8'))
  file.therapists = file.therapists.filter((one) => one.id === 'ana') // Monday to Friday, nine to five
  file.services = file.services.filter((one) => one.therapists.includes('ana')).map((one) => ({ ...one, therapists: ['ana'] }))
  const dir = mkdtempSync(join(tmpdir(), 'balm-week-'))
  const path = join(dir, 'practice.json')
  writeFileSync(path, JSON.stringify(file))
  for (const [clock, expected] of [['2026-03-01T15:00:00Z', '2026-03-02'], ['2026-03-03T05:30:00Z', '2026-03-03'],
    ['2026-03-06T21:00:00Z', '2026-03-06'], ['2026-03-06T23:00:00Z', '2026-03-09']]) {
    await begin(clock, path)
    const page = await client('GET', '/staff/calendar', { headers: own() })
    assert.match(page.text, new RegExp(`"day":"${expected}"`), clock)
    await end()
  }
  rmSync(dir, { recursive: true })
})

console.log(`calendar: ${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
