// Settings against the real program, as a browser without JavaScript uses them: each form as it stands, good
// and bad; the practice file; two owners at once. usage: BALM=path/to/balm node settings.test.mjs
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { changed, errorOf, formOf, passwords, SLUG, staffServer, tests, words } from './staff_browser.mjs'

const { test, end } = tests()
const { server, signedIn } = await staffServer()
const owner = await signedIn('ana@harbour.example')
const practiceNow = async () => (await owner.get('/staff/settings/practice.json')).json


// ---- settings: each form untouched, good, bad ----

async function formRoundTrip(path, good, expect, bads) {
  const before = await practiceNow()
  const fields = formOf((await owner.get(path)).text, path)
  assert.equal((await owner.post(path, fields)).status, 303, `${path} as it stands`)
  assert.deepEqual(await practiceNow(), before, `${path} as it stands changes nothing`)
  for (const [changes, id] of bads) {
    const answer = await owner.post(path, changed(fields, changes))
    assert.equal(answer.status, 422, `${path} ${JSON.stringify(changes)}`)
    assert.ok(errorOf(answer.text, id) || (id === null && answer.text.includes('class="error"')), `${path}: nothing is said beside ${id} for ${JSON.stringify(changes)}`)
    for (const value of Object.values(changes).flat()) if (/^[\w ]{3,}$/.test(value) && !/_minutes$/.test(id)) assert.ok(answer.text.includes(`"${value}"`) || answer.text.includes(`>${value}<`), `${path}: ${value} is kept`)
    assert.deepEqual(await practiceNow(), before, `${path} with a mistake changes nothing`)
  }
  assert.equal((await owner.post(path, changed(fields, good))).status, 303, `${path} good`)
  const after = await practiceNow()
  expect(after)
  assert.notDeepEqual(after, before)
}
const long = 'x'.repeat(81)
await test('settings: details', () => formRoundTrip('/staff/settings/practice',
  { name: 'Harbour Hands', address: '2 Main St\r\nSpringfield', timezone: 'America/New_York', hosts: 'www.harbour.example\r\nBooking.Harbour.example' },
  (p) => { assert.equal(p.name, 'Harbour Hands'); assert.equal(p.address, '2 Main St\nSpringfield'); assert.deepEqual(p.hosts, ['www.harbour.example', 'booking.harbour.example']) },
  [[{ name: '' }, 'name'], [{ name: long }, 'name'], [{ timezone: 'Mars/Olympus' }, 'timezone'], [{ timezone: '' }, 'timezone'], [{ currency: 'dollars' }, 'currency'],
    [{ email: 'nowhere' }, 'email'], [{ hosts: 'not a host' }, 'hosts'], [{ phone: '1'.repeat(40) }, 'phone']]))
await test('settings: booking rules', () => formRoundTrip('/staff/settings/rules',
  { step_minutes: '30', notice_minutes: '240', max_per_day: '', max_active_per_client: '5', horizon_days: '90' },
  (p) => { assert.equal(p.booking.step_minutes, 30); assert.equal(p.booking.notice_minutes, 240); assert.equal(p.booking.max_per_day, null); assert.equal(p.booking.horizon_days, 90) },
  [[{ horizon_days: '0' }, 'horizon_days'], [{ horizon_days: 'many' }, 'horizon_days'], [{ horizon_days: '' }, 'horizon_days'], [{ hold_minutes: '999' }, 'hold_minutes'],
    [{ max_per_day: '-1' }, 'max_per_day'], [{ notice_minutes: '999999' }, 'notice_minutes']]))
await test('settings: a room', () => formRoundTrip('/staff/settings/rooms/room-2', { name: 'Sea room' },
  (p) => assert.deepEqual(p.rooms[1], { id: 'room-2', name: 'Sea room' }), [[{ name: '' }, 'name'], [{ name: long }, 'name']]))
await test('settings: a service', () => formRoundTrip('/staff/settings/services/relief-60',
  { name: 'Relief hour', price: '99.5', buffer_after_minutes: '20', therapists: ['ana', 'cleo'], rooms: 'room-2' },
  (p) => { const s = p.services[0]; assert.deepEqual([s.name, s.price, s.buffer_after_minutes, s.therapists, s.rooms], ['Relief hour', '99.50', 20, ['ana', 'cleo'], ['room-2']]) },
  [[{ name: '' }, 'name'], [{ minutes: '0' }, 'minutes'], [{ minutes: '721' }, 'minutes'], [{ minutes: 'long' }, 'minutes'], [{ price: 'much' }, 'price'],
    [{ price: '-3' }, 'price'], [{ buffer_before_minutes: '999' }, 'buffer_before_minutes'], [{ therapists: [] }, 'therapists'], [{ description: 'y'.repeat(2001) }, 'description']]))
await test('settings: a therapist, the week and the days that differ', async () => {
  await formRoundTrip('/staff/settings/therapists/ana',
    { name: 'Ana R.', 'd0-0f': '08:00', 'd0-0t': '12:00', 'd5-0f': '20:00', 'd5-0t': '00:00', 'x0d': '2026-03-20', 'x0f': '', 'x0t': '', 'x2d': '2026-03-21', 'x2f': '10:00', 'x2t': '11:00' },
    (p) => {
      const ana = p.therapists[0]
      assert.equal(ana.name, 'Ana R.')
      assert.deepEqual(ana.hours[0], { days: ['mon'], from: '08:00', to: '12:00' })
      assert.deepEqual(ana.hours.at(-1), { days: ['sat'], from: '20:00', to: '24:00' })
      assert.deepEqual(ana.exceptions, [{ date: '2026-03-14', from: '10:00', to: '12:00' }, { date: '2026-03-20', closed: true }, { date: '2026-03-21', from: '10:00', to: '11:00' }])
    },
    [[{ name: '' }, 'name'], [{ email: 'nowhere' }, 'email'], [{ 'd0-0f': '12:00', 'd0-0t': '09:00' }, 'd0-0f'], [{ 'd0-0f': '' }, 'd0-0f'], [{ 'd0-0f': 'noon' }, 'd0-0f'],
      [{ 'd0-0t': '15:00' }, null], [{ 'x2d': 'soon' }, 'x2d'], [{ 'x2d': '2026-03-14', 'x2f': '11:00', 'x2t': '13:00' }, null], [{ 'x2d': '', 'x2f': '10:00', 'x2t': '11:00' }, 'x2d']])
})
await test('settings: therapists with hours up to midnight survive a save', async () => {
  const before = await practiceNow()
  for (const key of ['ben', 'cleo']) {
    const path = `/staff/settings/therapists/${key}`
    assert.equal((await owner.post(path, formOf((await owner.get(path)).text, path))).status, 303)
  }
  assert.deepEqual(await practiceNow(), before)
})
await test('settings: past days that differ are kept', async () => {
  const now = await practiceNow()
  const file = join(server.dir, 'past.json')
  writeFileSync(file, JSON.stringify({ ...now, therapists: now.therapists.map((t) => t.id === 'ben' ? { ...t, exceptions: [{ date: '2026-02-01', closed: true }] } : t) }))
  assert.equal(server.run(['apply', file]).code, 0)
  const path = '/staff/settings/therapists/ben'
  assert.equal((await owner.post(path, formOf((await owner.get(path)).text, path))).status, 303)
  assert.deepEqual((await practiceNow()).therapists[1].exceptions, [{ date: '2026-02-01', closed: true }])
})
await test('settings: add and remove a room, a service, a therapist', async () => {
  const before = await practiceNow()
  const empty = await owner.post('/staff/settings/add-room', { name: '' })
  assert.equal(empty.status, 422)
  assert.ok(errorOf(empty.text, 'name'))
  assert.equal((await owner.post('/staff/settings/add-room', { name: 'Séa  Room!' })).status, 303)
  assert.equal((await owner.post('/staff/settings/add-room', { name: 'Sea room' })).status, 303)
  assert.deepEqual((await practiceNow()).rooms.slice(2), [{ id: 'sea-room', name: 'Séa  Room!' }, { id: 'sea-room-2', name: 'Sea room' }])
  const path = '/staff/settings/add-therapist'
  assert.equal((await owner.post(path, changed(formOf((await owner.get(path)).text, path), { name: 'Dee', 'd2-0f': '09:00', 'd2-0t': '10:00' }))).status, 303)
  const service = { name: 'New one', minutes: '45', price: '', description: '', buffer_before_minutes: '0', buffer_after_minutes: '0' }
  const nobody = await owner.post('/staff/settings/add-service', service)
  assert.equal(nobody.status, 422)
  assert.ok(errorOf(nobody.text, 'therapists'))
  assert.equal((await owner.post('/staff/settings/add-service', { ...service, therapists: 'dee', rooms: 'sea-room' })).status, 303)
  assert.deepEqual((await practiceNow()).services.at(-1).rooms, ['sea-room'])
  const refused = await owner.post('/staff/settings/therapists/dee/remove', {})
  assert.equal(refused.status, 422)
  assert.match(words(refused.text), /New one is given only by this person/)
  const room = await owner.post('/staff/settings/rooms/sea-room/remove', {})
  assert.equal(room.status, 422)
  assert.match(words(room.text), /New one is given only in this room/)
  for (const gone of ['services/new-one', 'therapists/dee', 'rooms/sea-room', 'rooms/sea-room-2']) assert.equal((await owner.post(`/staff/settings/${gone}/remove`, {})).status, 303, gone)
  assert.deepEqual(await practiceNow(), before)
  assert.equal((await owner.get('/staff/settings/rooms/sea-room')).status, 404)
})
await test('settings: removing from the middle leaves all other references as they were', async () => {
  const before = await practiceNow()
  assert.equal((await owner.post('/staff/settings/therapists/ben/remove', {})).status, 303)
  const after = await practiceNow()
  assert.deepEqual(after.therapists.map((t) => t.id), ['ana', 'cleo'])
  assert.deepEqual(after.services.map((s) => s.therapists), before.services.map((s) => s.therapists.filter((t) => t !== 'ben')))
  const upload = multipart('file', JSON.stringify(before))
  const preview = await owner.post('/staff/settings/file', upload.body, { 'Content-Type': upload.type })
  assert.equal(preview.status, 200)
  assert.equal((await owner.post('/staff/settings/file/apply', formOf(preview.text, '/staff/settings/file/apply'))).status, 303)
  assert.deepEqual(await practiceNow(), before)
})

// ---- another language ----

await test('a service in Spanish: the form, the file, what clients of each language read', async () => {
  const path = '/staff/settings/services/relief-60'
  const fields = formOf((await owner.get(path)).text, path)
  assert.ok(fields.some(([name]) => name === 'translations.es.name') && !fields.some(([name]) => name === 'translations.en.name'), 'the own language has no second field')
  const bad = await owner.post(path, changed(fields, { 'translations.es.name': long }))
  assert.equal(bad.status, 422)
  assert.match(errorOf(bad.text, 'translations.es.name'), /80 characters/)
  assert.equal((await owner.post(path, changed(fields, { 'translations.es.name': 'Hora de alivio', 'translations.es.description': 'Despacio.' }))).status, 303)
  const now = await practiceNow()
  assert.deepEqual(now.services[0].translations, { es: { name: 'Hora de alivio', description: 'Despacio.' } })
  const read = (path, language) => owner.go('GET', path, undefined, language ? { 'Accept-Language': language } : {})
  for (const page of ['/services', '/book', '/book/relief-60']) {
    assert.match((await read(page, 'es')).text, /Hora de alivio/, page)
    assert.ok(!(await read(page, 'en')).text.includes('Hora de alivio'), page)
  }
  const names = async (language) => (await read('/api/v1/services', language)).json.services[0].name
  assert.equal(await names('es-MX,es;q=0.9,en;q=0.5'), 'Hora de alivio')
  assert.equal(await names('en'), now.services[0].name)
  assert.equal(await names(), now.services[0].name, 'who says nothing hears the practice\'s own words')
  assert.match((await read('/staff/book', 'es')).text, /Hora de alivio/)
  const file = join(server.dir, 'words.json')
  writeFileSync(file, JSON.stringify({ ...now, services: now.services.map((s, i) => i ? s : { ...s, translations: { es: { name: 'Una hora' } } }) }))
  assert.match(server.run(['apply', file]).stdout, /service relief-60: changed/)
  assert.deepEqual((await practiceNow()).services[0].translations, { es: { name: 'Una hora' } })
  writeFileSync(file, JSON.stringify({ ...now, services: now.services.map((s, i) => i ? s : { ...s, translations: { xx: {}, es: { nom: 'x' } } }) }))
  const refused = server.run(['apply', file])
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /services\[0\]\.translations\.xx/)
  assert.match(refused.stderr, /services\[0\]\.translations\.es\.nom/)
})

// ---- two at once ----

await test('a form that was made before somebody else saved: 409, who it was, all kept; then it holds', async () => {
  const made = server.run(['user', 'add', 'second@harbour.example', '--practice', SLUG, '--role', 'owner', '--name', 'Sec Ond'], passwords['second@harbour.example'] + '\n')
  assert.equal(made.code, 0, made.stderr)
  const second = await signedIn('second@harbour.example')
  for (const [path, mine, theirs] of [
    ['/staff/settings/practice', { name: 'Mine' }, { name: 'Theirs' }],
    ['/staff/settings/rules', { horizon_days: '41' }, { horizon_days: '42' }],
    ['/staff/settings/rooms/room-1', { name: 'Mine' }, { name: 'Theirs' }],
    ['/staff/settings/services/call-30', { name: 'Mine' }, { name: 'Theirs' }],
    ['/staff/settings/therapists/cleo', { name: 'Mine' }, { name: 'Theirs' }],
  ]) {
    const fields = formOf((await owner.get(path)).text, path)
    assert.equal((await second.post(path, changed(formOf((await second.get(path)).text, path), theirs))).status, 303, path)
    const before = await practiceNow()
    const late = await owner.post(path, changed(fields, mine))
    assert.equal(late.status, 409, path)
    assert.match(words(late.text), /Sec Ond changed the settings on Sunday, March 1, 7:\d\d AM, after you had opened this page: [^.]+ changed\./, path)
    assert.deepEqual(await practiceNow(), before, `${path}: nothing is saved`)
    const again = formOf(late.text, path)
    for (const [name, value] of Object.entries(mine)) assert.equal(again.find((f) => f[0] === name)[1], value, `${path}: what was typed is kept`)
    assert.equal((await owner.post(path, again)).status, 303, path)
    assert.notDeepEqual(await practiceNow(), before, path)
  }
  const path = '/staff/settings/rooms/room-1'
  const fields = formOf((await owner.get(path)).text, path)
  const file = join(server.dir, 'other.json')
  writeFileSync(file, JSON.stringify({ ...await practiceNow(), phone: '+1 555 0199' }))
  assert.equal(server.run(['apply', file]).code, 0)
  const late = await owner.post(path, changed(fields, { name: 'Later' }))
  assert.equal(late.status, 409)
  assert.match(words(late.text), /The settings were changed after you had opened this page/)
})

// ---- the practice file ----

function multipart(name, text) {
  const mark = 'balm-test-boundary'
  return { type: `multipart/form-data; boundary=${mark}`, body: Buffer.from(`--${mark}\r\nContent-Disposition: form-data; name="${name}"; filename="p.json"\r\nContent-Type: application/json\r\n\r\n${text}\r\n--${mark}--\r\n`) }
}
const upload = async (text, browser = owner) => { const m = multipart('file', text); return browser.post('/staff/settings/file', m.body, { 'Content-Type': m.type }) }
await test('file: a look changes nothing, applying does what was shown', async () => {
  const before = await practiceNow()
  const file = structuredClone(before)
  file.rooms.push({ id: 'attic', name: 'Attic' })
  file.booking.step_minutes = 20
  const preview = await upload(JSON.stringify(file))
  assert.equal(preview.status, 200, words(preview.text).slice(0, 400))
  assert.match(words(preview.text), /Practice: booking rules changed/)
  assert.match(words(preview.text), /Room attic: added/)
  assert.deepEqual(await practiceNow(), before)
  assert.equal((await owner.post('/staff/settings/file/apply', formOf(preview.text, '/staff/settings/file/apply'))).status, 303)
  assert.deepEqual(await practiceNow(), file)
  assert.match(words((await upload(JSON.stringify(file))).text), /This file changes nothing/)
})
await test('file: settings that changed after the look are compared anew', async () => {
  const before = await practiceNow()
  const preview = await upload(JSON.stringify({ ...before, phone: '+1 555 0111' }))
  const other = join(server.dir, 'meanwhile.json')
  writeFileSync(other, JSON.stringify({ ...before, address: '2 Side St' }))
  assert.equal(server.run(['apply', other]).code, 0)
  const late = await owner.post('/staff/settings/file/apply', formOf(preview.text, '/staff/settings/file/apply'))
  assert.equal(late.status, 409)
  assert.match(words(late.text), /changed after you had looked/)
  assert.match(words(late.text), /address/i)
  assert.equal((await practiceNow()).address, '2 Side St')
  assert.equal((await owner.post('/staff/settings/file/apply', formOf(late.text, '/staff/settings/file/apply'))).status, 303)
  assert.deepEqual(await practiceNow(), { ...before, phone: '+1 555 0111' })
  writeFileSync(other, JSON.stringify(before))
  assert.equal(server.run(['apply', other]).code, 0)
})
await test('file: what is wrong is said with its place, and nothing changes', async () => {
  const before = await practiceNow()
  for (const [text, expected] of [['', /Choose a file first/], ['{"a": 1,', /not a practice file.*line 1/], ['[]', /./],
    [JSON.stringify({ ...before, timezone: 'Mars/Olympus' }), /timezone: This time zone is not known/],
    [JSON.stringify({ ...before, services: [{ ...before.services[0], therapists: ['nobody'] }] }), /services\[0\]\.therapists\[0\]/],
    [JSON.stringify({ ...before, slug: 'other-hands' }), /another practice \(other-hands\)/]]) {
    const answer = await upload(text)
    assert.equal(answer.status, 422, text.slice(0, 40))
    assert.match(words(answer.text), expected)
  }
  assert.equal((await owner.post('/staff/settings/file/apply', { text: '{}' })).status, 422)
  assert.deepEqual(await practiceNow(), before)
})
await test('file: the largest one can be looked at and taken away again', async () => {
  const before = await practiceNow()
  const file = structuredClone(before)
  const day = (i) => new Date(Date.UTC(2026, 5, 1) + i * 86400000).toISOString().slice(0, 10)
  for (const t of file.therapists) t.exceptions = Array.from({ length: 990 }, (_, i) => ({ date: day(i), closed: true }))
  for (let i = 0; i < 20; i++) file.therapists.push({ ...file.therapists[0], id: `t-${i}`, name: '"'.repeat(80) })
  const preview = await upload(JSON.stringify(file))
  assert.equal(preview.status, 200)
  assert.equal((await owner.post('/staff/settings/file/apply', formOf(preview.text, '/staff/settings/file/apply'))).status, 303)
  assert.equal((await practiceNow()).therapists.length, 23)
  assert.equal((await owner.get('/staff/settings/therapists/ana')).status, 200)
  assert.equal((await owner.get('/staff?day=2026-06-02&who=all')).status, 200)
  const back = await upload(JSON.stringify(before))
  assert.equal((await owner.post('/staff/settings/file/apply', formOf(back.text, '/staff/settings/file/apply'))).status, 303)
  assert.deepEqual(await practiceNow(), before)
})
await test('file: too large is refused', async () => {
  assert.equal((await upload(' '.repeat(1100 * 1024))).status, 413)
})


// ---- what was done ----

await test('audit: every kind of change with its name', async () => {
  const text = words((await owner.get('/staff/audit')).text)
  for (const expected of [/Ana Reyes Changed the settings/, /Balm Applied the practice file/, /Balm Added an account Ben Ota/, /Room Attic: added/, /Service New one: no longer offered/]) assert.match(text, expected)
  assert.ok(!/(room|therapist|service) [a-z]+-\d/i.test(text), 'names, not keys')
})

await test('all that was done keeps the database sound', () => {
  const done = server.run(['check'])
  assert.equal(done.code, 0, done.stdout + done.stderr)
})
await test('it stops in good order', async () => assert.equal((await server.stop()).code, 0, server.log.slice(-20).join('\n')))
server.remove()

end()
