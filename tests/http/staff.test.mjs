// The staff's days against the real program, as a browser without JavaScript uses it: who may do what, Today,
// bookings, clients, messages. Settings and accounts have tests of their own.
// usage: BALM=path/to/balm node staff.test.mjs
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { root } from './server.mjs'
import { errorOf, changed, formOf, passwords, staffServer, tests, words } from './staff_browser.mjs'

const { test, end } = tests()
const { server, Browser, signedIn } = await staffServer()


// ---- signing in ----

await test('sign-in page: form, no-store, no session yet', async () => {
  const page = await new Browser().get('/staff/sign-in')
  assert.equal(page.status, 200)
  assert.match(page.text, /autocomplete="current-password"/)
  assert.ok(!page.text.includes('/staff/account"'), 'no navigation before signing in')
})
await test('right password: a __Host- session and the way on', async () => {
  const browser = new Browser()
  const answer = await browser.signIn('ana@harbour.example')
  assert.equal(answer.status, 303)
  assert.equal(answer.headers.location, '/staff')
  const cookie = [answer.headers['set-cookie']].flat().find((c) => c.startsWith('__Host-session='))
  assert.match(cookie, /; Secure/)
  assert.match(cookie, /; HttpOnly/)
  assert.match(cookie, /; SameSite=Lax/)
  assert.match(cookie, /; Path=\/(;|$)/)
  const today = await browser.get('/staff')
  assert.equal(today.status, 200)
  assert.match(today.headers['cache-control'], /no-store/)
})
await test('letter case of the e-mail does not matter', async () => {
  assert.equal((await new Browser().signIn('ANA@Harbour.example', passwords['ana@harbour.example'])).status, 303)
})
await test('wrong password and unknown account read the same', async () => {
  const wrong = await new Browser().signIn('ana@harbour.example', 'not-the-password')
  const unknown = await new Browser().signIn('nobody@harbour.example', 'not-the-password')
  assert.equal(wrong.status, 422)
  assert.equal(unknown.status, 422)
  assert.ok(!wrong.headers['set-cookie'] || ![wrong.headers['set-cookie']].flat().some((c) => c.startsWith('__Host-session')))
  const strip = (t) => t.replaceAll(/(ana|nobody)@harbour\.example/g, 'X')
  assert.equal(strip(wrong.text), strip(unknown.text))
  assert.ok(!wrong.text.includes('not-the-password'), 'a password is never sent back')
})
await test('unknown accounts take as long as known ones', async () => {
  const time = async (email) => { const t = performance.now(); await new Browser().signIn(email, 'not-the-password'); return performance.now() - t }
  const median = async (email) => { const all = []; for (let i = 0; i < 5; i++) all.push(await time(email)); return all.sort((a, b) => a - b)[2] }
  const known = await median('ana@harbour.example')
  const unknown = await median('nobody@harbour.example')
  assert.ok(unknown > known / 3, `unknown ${unknown} ms, known ${known} ms`)
})
await test('next leads only to this site', async () => {
  for (const [next, expected] of [['/staff/clients?q=a', '/staff/clients?q=a'], ['//evil.example/', '/staff'], ['https://evil.example/', '/staff'],
    ['/\\evil.example', '/staff'], ['/a\r\nSet-Cookie: x=1', '/staff'], ['javascript:alert(1)', '/staff']]) {
    const answer = await new Browser().signIn('ana@harbour.example', undefined, next)
    assert.equal(answer.status, 303, next)
    assert.equal(answer.headers.location, expected, next)
  }
})

const owner = await signedIn('ana@harbour.example')
const therapist = await signedIn('ben@harbour.example')
const desk = await signedIn('desk@harbour.example')

// ---- bookings to work with ----

const START = (day, time) => ({ date: day, time })
async function book(browser, fields) {
  const answer = await browser.post('/staff/book', fields)
  assert.equal(answer.status, 303, words(answer.text).slice(0, 600))
  return /\/staff\/bookings\/(\d+)/.exec(answer.headers.location)[1]
}
const rosa = { name: 'Rosa Delgado', email: 'rosa@mail.example', phone: '+1 555 0111' }
let first = 0
let second = 0
let rosaId = 0

await test('book for a new client, then for the known one', async () => {
  first = await book(desk, { ...rosa, service: 'relief-60', therapist: 'ana', ...START('2026-03-02', '09:00'), minutes: '', note: 'Takes the stairs slowly' })
  const page = await desk.get(`/staff/bookings/${first}`)
  rosaId = /\/staff\/clients\/(\d+)/.exec(page.text)[1]
  const form = await desk.get(`/staff/book?client=${rosaId}`)
  assert.match(words(form.text), /Book for Rosa Delgado/)
  second = await book(desk, { client: rosaId, service: 'relief-60', therapist: '', ...START('2026-03-03', '10:00') })
  const again = await desk.get(`/staff/clients/${rosaId}`)
  assert.match(again.text, new RegExp(`/staff/bookings/${first}"`))
  assert.match(again.text, new RegExp(`/staff/bookings/${second}"`))
})
await test('a booking form with mistakes: words beside the fields, values kept, nothing booked', async () => {
  const answer = await desk.post('/staff/book', { name: '', email: 'no', service: 'nothing', date: 'soon', time: '99:99', minutes: '3', note: 'keep me' })
  assert.equal(answer.status, 422)
  for (const id of ['name', 'email', 'service', 'date', 'time', 'minutes']) assert.ok(errorOf(answer.text, id), `no word beside ${id}`)
  assert.match(answer.text, /keep me<\/textarea>/)
  assert.match(answer.text, /aria-invalid="true"/)
})
await test('outside hours: a warning that names the hours, then anyway', async () => {
  const fields = { ...rosa, service: 'relief-60', therapist: 'ana', ...START('2026-03-02', '18:00') }
  const warned = await desk.post('/staff/book', fields)
  assert.equal(warned.status, 422)
  assert.match(words(warned.text), /Clients are not offered this time.*Ana Reyes works 9:00 AM – 1:00 PM, 2:00 PM – 5:00 PM on Monday, March 2/)
  const id = await book(desk, { ...fields, anyway: '1' })
  assert.equal((await desk.post(`/staff/bookings/${id}/cancel`, { reason: '' })).status, 303)
})
await test('taken: 409, says who is there, also with "anyway"', async () => {
  const answer = await desk.post('/staff/book', { name: 'Tom Eriksen', email: 'tom@mail.example', service: 'relief-60', therapist: 'ana', ...START('2026-03-02', '09:30'), anyway: '1' })
  assert.equal(answer.status, 409)
  assert.match(words(answer.text), /Ana Reyes has Rosa Delgado then/)
  assert.match(words((await desk.get('/staff/clients?q=tom')).text), /Nobody found/, 'the client was not kept either')
})

// ---- who may what ----

const pages = {
  STAFF: ['/staff', '/staff/account'],
  CALENDAR: ['/staff/why', '/staff/book', `/staff/bookings/${first}`],
  CLIENTS: ['/staff/clients', `/staff/clients/${rosaId}`, `/staff/clients/${rosaId}/merge`],
  HEALTH: [`/staff/clients/${rosaId}/progress`, `/staff/clients/${rosaId}/plan`],
  MESSAGES: ['/staff/messages'],
  LEARN: ['/staff/learn', '/staff/learn/add', '/staff/learn/sleep', '/staff/learn/sleep/history'],
  SETTINGS: [`/staff/clients/${rosaId}/erase`, '/staff/audit', '/staff/settings', '/staff/settings/practice', '/staff/settings/rules', '/staff/settings/add-room',
    '/staff/settings/rooms/room-1', '/staff/settings/add-service', '/staff/settings/services/relief-60', '/staff/settings/add-therapist',
    '/staff/settings/therapists/ana', '/staff/settings/file', '/staff/settings/practice.json', '/staff/settings/team', '/staff/settings/team/1'],
}
const posts = {
  STAFF: ['/staff/account/sessions', '/staff/account/password'],
  CALENDAR: ['/staff/book', `/staff/bookings/${first}/status`, `/staff/bookings/${first}/move`, `/staff/bookings/${first}/cancel`, `/staff/bookings/${first}/rating`],
  CLIENTS: [`/staff/clients/${rosaId}`, `/staff/clients/${rosaId}/merge`],
  HEALTH: ['adverse', 'links', 'plan', 'data.json', 'data.csv'].map((part) => `/staff/clients/${rosaId}/${part}`),
  MESSAGES: ['/staff/messages/1/again'],
  LEARN: ['/staff/learn/add', '/staff/learn/add/preview', '/staff/learn/sleep', '/staff/learn/sleep/preview', '/staff/learn/sleep/hide',
    '/staff/learn/sleep/reset', '/staff/learn/sleep/restore'],
  SETTINGS: [`/staff/clients/${rosaId}/erase`, '/staff/settings/practice', '/staff/settings/rules', '/staff/settings/add-room', '/staff/settings/rooms/room-1',
    '/staff/settings/rooms/room-1/remove', '/staff/settings/add-service', '/staff/settings/services/relief-60',
    '/staff/settings/services/relief-60/remove', '/staff/settings/add-therapist', '/staff/settings/therapists/ana',
    '/staff/settings/therapists/ana/remove', '/staff/settings/file', '/staff/settings/file/apply', '/staff/settings/team',
    '/staff/settings/team/1', '/staff/settings/team/1/deactivate'],
}
const may = {
  owner: new Set(['STAFF', 'CALENDAR', 'CLIENTS', 'HEALTH', 'MESSAGES', 'LEARN', 'SETTINGS']),
  therapist: new Set(['STAFF', 'CALENDAR', 'CLIENTS', 'HEALTH', 'LEARN']),
  desk: new Set(['STAFF', 'CALENDAR', 'CLIENTS', 'MESSAGES']),
}
await test('every staff row of the route table is in the matrix', async () => {
  const source = readFileSync(`${root}/src/app/routes.c`, 'utf8')
  const known = new Set([...Object.values(pages).flat().map((p) => 'GET ' + p), ...Object.values(posts).flat().map((p) => 'POST ' + p)]
    .map((p) => p.replace(/\/(\d+|room-1|relief-60|ana|sleep)(?=\/|$)/g, '/:x')))
  known.add('GET /staff/bookings/:x/rating') // of today alone: checkin.test.mjs
  for (const [, macro, rest] of source.matchAll(/^ {4}(PAGE|SLOW|LARGE|PREVIEW)\(([^\n]*)/gm)) {
    const path = /"(\/staff[^"]*)"/.exec(rest)?.[1]
    if (!path || path.startsWith('/staff/calendar') || path === '/staff/sign-in' || path === '/staff/sign-out') continue
    const method = macro === 'PAGE' ? rest.split(',')[0] : 'POST'
    assert.ok(known.has(`${method} ${path.replace(/:\w+/g, ':x')}`), `${method} ${path} is not tested`)
  }
})
await test('anonymous: pages lead to the sign-in with the way back', async () => {
  for (const path of Object.values(pages).flat()) {
    const answer = await new Browser().get(path)
    assert.equal(answer.status, 303, path)
    assert.equal(answer.headers.location, `/staff/sign-in?next=${encodeURIComponent(path)}`, path)
  }
  for (const path of Object.values(posts).flat()) {
    const answer = await new Browser().post(path, { x: '1' })
    assert.equal(answer.status, 303, path)
    assert.equal(answer.headers.location, '/staff/sign-in', path)
  }
})
await test('anonymous: data is refused with 401', async () => {
  const answer = await new Browser().get('/staff/calendar/events?from=2026-03-01&to=2026-03-08')
  assert.equal(answer.status, 401)
})
for (const [role, browser] of Object.entries({ owner, therapist, desk })) {
  await test(`${role}: sees what the role may, and is refused the rest`, async () => {
    for (const [permission, paths] of Object.entries(pages)) {
      for (const path of paths) {
        const answer = await browser.get(path)
        assert.equal(answer.status, may[role].has(permission) ? 200 : 403, `${role} GET ${path}`)
      }
    }
    for (const [permission, paths] of Object.entries(posts)) {
      if (may[role].has(permission)) continue
      for (const path of paths) assert.equal((await browser.post(path, { x: '1' })).status, 403, `${role} POST ${path}`)
    }
    const nav = /<nav aria-label="Main">(.*?)<\/nav>/s.exec((await browser.get('/staff')).text)[1]
    assert.equal(nav.includes('/staff/messages'), may[role].has('MESSAGES'))
    assert.equal(nav.includes('/staff/settings'), may[role].has('SETTINGS'))
    assert.ok(nav.includes('/staff/calendar'))
  })
}
await test('cross-site posts are refused, and so are posts that say nothing of their origin', async () => {
  for (const path of Object.values(posts).flat()) {
    assert.equal((await owner.post(path, { x: '1' }, { 'Sec-Fetch-Site': 'cross-site' })).status, 403, path)
    assert.equal((await owner.post(path, { x: '1' }, { 'Sec-Fetch-Site': 'same-site' })).status, 403, path)
    assert.equal((await owner.post(path, { x: '1' }, { Origin: 'https://evil.example' })).status, 403, path)
    assert.equal((await owner.post(path, { x: '1' }, { Origin: 'none' })).status, 403, path)
  }
  assert.equal((await new Browser().post('/staff/sign-in', { email: 'a', password: 'b' }, { 'Sec-Fetch-Site': 'cross-site' })).status, 403)
})

// ---- Today ----

await test('Today says who comes, where, that it is a first visit, and what is free', async () => {
  const page = await owner.get('/staff?day=2026-03-02')
  const text = words(page.text)
  assert.match(text, /Monday, March 2/)
  assert.match(text, /One session, at 9:00 AM\. Free 10:15 AM – 1:00 PM, 2:00 PM – 5:00 PM\./)
  assert.match(text, /Rosa Delgado first visit/)
  assert.match(text, /Chronic pain session · Quiet room/)
  assert.match(text, /Takes the stairs slowly/)
  assert.match(page.text, /href="tel:\+15550111"/)
  assert.match(page.text, /href="mailto:rosa@mail\.example"/)
  assert.match(words((await owner.get('/staff?day=2026-03-03&who=all')).text), /Rosa Delgado session 2/)
})
await test('therapists see their own day first, with a way to everyone', async () => {
  const own = await therapist.get('/staff?day=2026-03-02')
  assert.ok(!own.text.includes('Rosa Delgado'))
  assert.match(words(own.text), /A day off.*Nobody works on this day/)
  const all = await therapist.get('/staff?day=2026-03-02&who=all')
  assert.match(words(all.text), /Rosa Delgado/)
  assert.match((await desk.get('/staff?day=2026-03-02')).text, /Rosa Delgado/, 'who is no therapist sees everyone')
})
await test('an empty day leads on', async () => {
  const text = words((await owner.get('/staff?day=2026-03-01&who=all')).text)
  assert.match(text, /Next session: Monday, March 2/)
})
await test('a strange day is today', async () => {
  assert.equal((await owner.get('/staff?day=tomorrow&who=%00x')).status, 400)
  assert.equal((await owner.get('/staff?day=9999-99-99&who=nobody')).status, 200)
})
await test('done, no-show, undo; back to where one was; all of it in the history', async () => {
  const back = '/staff?day=2026-03-02&who=ana'
  for (const [status, tag] of [['done', 'done'], ['confirmed', ''], ['no-show', 'no-show'], ['confirmed', '']]) {
    const answer = await therapist.post(`/staff/bookings/${first}/status`, { status, back })
    assert.equal(answer.status, 303)
    assert.match(answer.headers.location, /^\/staff\?did=[a-z-]+&day=2026-03-02&who=ana$/)
    const page = await therapist.get(back)
    const visit = page.text.slice(page.text.indexOf('class="visit'))
    if (tag) assert.match(visit, new RegExp(`>${tag}<`))
  }
  const history = words((await therapist.get(`/staff/bookings/${first}`)).text)
  assert.match(history, /Dora Desk booked it.*Ben Ota marked it as done.*Ben Ota took the mark back.*Ben Ota marked it as a no-show/)
  assert.equal((await owner.post(`/staff/bookings/${first}/status`, { status: 'odd' })).status, 422)
  const away = await owner.post(`/staff/bookings/${first}/status`, { status: 'confirmed', back: '//evil.example' })
  assert.match(away.headers.location, new RegExp(`^/staff/bookings/${first}\\?`))
})

// ---- one booking ----

await test('unknown and impossible bookings are 404', async () => {
  for (const id of ['999', '0', '-1', 'x', '99999999999999999999']) assert.equal((await owner.get(`/staff/bookings/${id}`)).status, 404, id)
})
await test('move: done, told, in the history', async () => {
  const answer = await owner.post(`/staff/bookings/${first}/move`, { date: '2026-03-04', time: '11:00', therapist: 'ana', minutes: '60' })
  assert.equal(answer.status, 303, words(answer.text).slice(0, 400))
  const text = words((await owner.get(`/staff/bookings/${first}`)).text)
  assert.match(text, /Wednesday, March 4, 2026, 11:00 AM – 12:00 PM/)
  assert.match(text, /Ana Reyes moved it from Monday, March 2, 9:00 AM to Wednesday, March 4, 11:00 AM/)
  assert.match(text, /New time to Rosa Delgado/)
})
await test('move outside hours: warned with the rule, values kept, nothing moved; then anyway', async () => {
  const fields = { date: '2026-03-12', time: '10:00', therapist: 'ana', minutes: '60' }
  const warned = await owner.post(`/staff/bookings/${first}/move`, fields)
  assert.equal(warned.status, 422)
  assert.match(words(warned.text), /Clients are not offered this time\. Ana Reyes does not work on Thursday, March 12/)
  assert.match(warned.text, /value="2026-03-12"/)
  assert.equal(errorOf(warned.text, 'move-anyway'), '', 'nobody is blamed the first time')
  const unticked = await owner.post(`/staff/bookings/${first}/move`, formOf(warned.text, `/staff/bookings/${first}/move`))
  assert.equal(unticked.status, 422)
  assert.match(errorOf(unticked.text, 'move-anyway'), /Tick this box/)
  assert.match(unticked.text, /<input type="checkbox" id="move-anyway"[^>]* aria-invalid="true" aria-describedby="move-anyway-error"/)
  assert.match(words(warned.text), /Wednesday, March 4, 2026, 11:00 AM/)
  assert.equal((await owner.post(`/staff/bookings/${first}/move`, { ...fields, anyway: '1' })).status, 303)
  assert.match(words((await owner.get(`/staff/bookings/${first}`)).text), /Thursday, March 12, 2026, 10:00 AM/)
})
await test('move onto another: 409, says who is there, nothing moved', async () => {
  const page = await owner.get(`/staff/bookings/${second}`)
  const whose = /<select[^>]*name="therapist".*?<option value="(\w+)" selected/s.exec(page.text)[1]
  const answer = await owner.post(`/staff/bookings/${first}/move`, { date: '2026-03-03', time: '10:30', therapist: whose, minutes: '60', anyway: '1' })
  assert.equal(answer.status, 409)
  assert.match(words(answer.text), /has Rosa Delgado then/)
  assert.match(words((await owner.get(`/staff/bookings/${first}`)).text), /Thursday, March 12, 2026, 10:00 AM/)
})
await test('a time that the clocks skip is said to be none', async () => {
  const answer = await owner.post(`/staff/bookings/${first}/move`, { date: '2026-03-08', time: '02:30', therapist: 'ana', minutes: '60', anyway: '1' })
  assert.equal(answer.status, 422)
  assert.match(errorOf(answer.text, 'move-time'), /clocks go forward/)
})
await test('cancel with a reason; then nothing more can be done with it', async () => {
  const id = await book(desk, { ...rosa, service: 'call-30', therapist: 'ana', ...START('2026-03-05', '09:00') })
  const long = await desk.post(`/staff/bookings/${id}/cancel`, { reason: 'x'.repeat(1001) })
  assert.equal(long.status, 422)
  assert.match(errorOf(long.text, 'cancel-reason'), /1000 characters/)
  assert.equal((await desk.post(`/staff/bookings/${id}/cancel`, { reason: 'Feels <b>unwell</b>' })).status, 303)
  const page = await desk.get(`/staff/bookings/${id}`)
  assert.match(words(page.text), /Dora Desk cancelled it\. Reason: Feels <b>unwell<\/b>/)
  assert.ok(!page.text.includes(`/staff/bookings/${id}/move"`))
  assert.equal((await desk.post(`/staff/bookings/${id}/cancel`, { reason: '' })).status, 422)
  assert.equal((await desk.post(`/staff/bookings/${id}/status`, { status: 'done' })).status, 422)
})

// ---- why not? ----

const why = async (query) => words((await owner.get(`/staff/why?${new URLSearchParams(query)}`)).text)
await test('why: each rule in words', async () => {
  assert.match(await why({ service: 'relief-60', therapist: 'ana', date: '2026-03-05', time: '09:00' }), /Ana Reyes offered Ana Reyes can be booked/)
  assert.match(await why({ service: 'deep-90', therapist: 'ben', date: '2026-03-05', time: '10:00' }), /Ben Ōta does not give Deep tissue, long/)
  assert.match(await why({ service: 'relief-60', therapist: 'ana', date: '2026-03-01', time: '09:00' }), /at least 2 hours ahead/)
  assert.match(await why({ service: 'relief-60', therapist: 'ana', date: '2026-02-27', time: '09:00' }), /This time is past/)
  assert.match(await why({ service: 'relief-60', therapist: 'ana', date: '2026-06-30', time: '09:00' }), /can book 60 days ahead/)
  assert.match(await why({ service: 'relief-60', therapist: 'ana', date: '2026-03-05', time: '12:30' }), /Ana Reyes works 9:00 AM – 1:00 PM, 2:00 PM – 5:00 PM on Thursday, March 5, and the whole session \(60 minutes\)/)
  assert.match(await why({ service: 'relief-60', therapist: 'ana', date: '2026-03-07', time: '09:00' }), /Ana Reyes does not work on Saturday, March 7/)
  assert.match(await why({ service: 'relief-60', therapist: 'ana', date: '2026-03-05', time: '09:07' }), /every 15 minutes/)
})
await test('why: names who is in the way, and leads there', async () => {
  const id = await book(desk, { name: 'Tom Eriksen', email: 'tom@mail.example', service: 'relief-60', therapist: 'ana', ...START('2026-03-06', '10:00') })
  const page = await owner.get('/staff/why?service=relief-60&therapist=ana&start=2026-03-06T10:30:00-05:00')
  assert.match(words(page.text), /Ana Reyes has Tom Eriksen then \(10:00 AM – 11:15 AM, changeover included\)/)
  assert.match(page.text, new RegExp(`href="/staff/bookings/${id}"`))
})
await test('why: rooms', async () => {
  await book(desk, { name: 'Una One', email: 'una@mail.example', service: 'relief-60', therapist: 'ana', ...START('2026-03-10', '10:00') })
  await book(desk, { name: 'Dos Two', email: 'dos@mail.example', service: 'relief-60', therapist: 'ben', ...START('2026-03-10', '11:00') })
  await book(desk, { name: 'Tres Three', email: 'tres@mail.example', service: 'relief-60', therapist: 'cleo', ...START('2026-03-10', '11:30'), anyway: '1' })
  assert.match(await why({ service: 'relief-60', therapist: 'ana', date: '2026-03-10', time: '11:30' }), /No room for Chronic pain session is free then/)
})

// ---- clients ----

await test('search: beginnings of words, e-mail, phone; without accents', async () => {
  for (const q of ['delg', 'ROSA', 'rosa@mail', '5550111']) assert.match((await desk.get(`/staff/clients?q=${encodeURIComponent(q)}`)).text, new RegExp(`/staff/clients/${rosaId}"`), q)
  const none = await desk.get('/staff/clients?q=' + encodeURIComponent('<script>%_'))
  assert.match(words(none.text), /Nobody found/)
  assert.ok(!none.text.includes('<script>%_'))
})
await test('details: mistakes beside fields and nothing changed; then changed', async () => {
  const page = await desk.get(`/staff/clients/${rosaId}`)
  const fields = formOf(page.text, `/staff/clients/${rosaId}`)
  const bad = await desk.post(`/staff/clients/${rosaId}`, changed(fields, { name: '', email: 'nowhere', phone: 'call me', language: 'xx' }))
  assert.equal(bad.status, 422)
  for (const id of ['name', 'email', 'phone', 'language']) assert.ok(errorOf(bad.text, id), id)
  assert.match(bad.text, /value="nowhere"/)
  assert.match((await desk.get(`/staff/clients/${rosaId}`)).text, /rosa@mail\.example/)
  const good = await desk.post(`/staff/clients/${rosaId}`, changed(fields, { name: 'Rosa Delgado Ruiz', language: 'es', note: 'Prefers mornings' }))
  assert.equal(good.status, 303)
  const after = words((await desk.get(`/staff/clients/${rosaId}`)).text)
  assert.match(after, /Rosa Delgado Ruiz/)
  assert.match(after, /Prefers mornings/)
})
await test('merge: choose, confirm, one record with all sessions', async () => {
  const id = await book(desk, { name: 'R. Delgado', email: 'rosa.d@mail.example', phone: '', service: 'relief-60', therapist: 'ana', ...START('2026-03-09', '09:00') })
  const twin = /\/staff\/clients\/(\d+)/.exec((await desk.get(`/staff/bookings/${id}`)).text)[1]
  const list = await desk.get(`/staff/clients/${twin}/merge?q=delgado`)
  assert.match(list.text, new RegExp(`/staff/clients/${twin}/merge\\?into=${rosaId}"`))
  const confirm = await desk.get(`/staff/clients/${twin}/merge?into=${rosaId}`)
  assert.match(words(confirm.text), /This record goes R\. Delgado.*This one stays Rosa Delgado Ruiz/)
  assert.match((await desk.get(`/staff/bookings/${id}`)).text, new RegExp(`/staff/clients/${twin}"`), 'looking merges nothing')
  const done = await desk.post(`/staff/clients/${twin}/merge`, formOf(confirm.text, `/staff/clients/${twin}/merge`))
  assert.equal(done.status, 303)
  assert.match((await desk.get(`/staff/clients/${rosaId}`)).text, new RegExp(`/staff/bookings/${id}"`))
  const old = await desk.get(`/staff/clients/${twin}`)
  assert.equal(old.status, 303)
  assert.equal(old.headers.location, `/staff/clients/${rosaId}`)
  assert.equal((await desk.post(`/staff/clients/${twin}/merge`, { into: rosaId })).status, 409)
  assert.equal((await desk.post(`/staff/clients/${rosaId}/merge`, { into: rosaId })).status, 422)
})

// ---- messages, audit, language ----

await test('messages: what was sent to whom, and what waits', async () => {
  const until = Date.now() + 10000
  let text = ''
  do {
    text = words((await owner.get('/staff/messages')).text)
    if (/Confirmation to .*? sent/.test(text)) break
    await new Promise((done) => setTimeout(done, 100))
  } while (Date.now() < until)
  assert.match(text, /Confirmation to .*? sent/)
  assert.match(text, /Reminder to .*? waiting/)
  assert.equal((await owner.post('/staff/messages/1/again', {})).status, 404, 'what was sent is not sent again')
  assert.equal((await owner.post('/staff/messages/999999/again', {})).status, 404)
})
await test('messages: what failed stands first and can be sent again, once', async () => {
  const script = "import sqlite3,sys; db=sqlite3.connect(sys.argv[1], timeout=10); db.execute(\"UPDATE outbox SET state=4, attempts=12, last_error='550 no such mailbox' WHERE outbox_id=1\"); db.commit()"
  const done = spawnSync('python3', ['-c', script, server.db.replace('sqlite:', '')], { encoding: 'utf8' })
  assert.equal(done.status, 0, done.stderr)
  const page = await desk.get('/staff/messages')
  const text = words(page.text)
  assert.match(text, /1 message needs you/)
  assert.match(text, /12 attempts\. .*The mail server said: 550 no such mailbox/)
  const first = page.text.slice(page.text.indexOf('class="line"'))
  assert.ok(first.indexOf('/staff/messages/1/again"') < first.indexOf('</li>'), 'it stands first')
  assert.equal((await therapist.post('/staff/messages/1/again', {})).status, 403)
  assert.equal((await desk.post('/staff/messages/1/again', {})).status, 303)
  assert.equal((await desk.post('/staff/messages/1/again', {})).status, 404)
})
await test('Spanish, whole: no English sentence is left on a page', async () => {
  const browser = await signedIn('ana@harbour.example')
  for (const path of Object.values(pages).flat().filter((p) => !p.endsWith('.json'))) {
    const page = await browser.go('GET', path, undefined, { 'Accept-Language': 'es' })
    assert.match(page.text, /<html lang="es">/, path)
    const text = words(page.text.replace(/<script.*?<\/script>/gs, ''))
    const english = /\b(the|with|your|and|this|who|save|remove|from)\b/i.exec(text.replace(/Harbour Hands|Relief hour|Deep tissue, long|First conversation|Takes the stairs slowly|Quiet room|Sea room|By telephone\.|Slow, deep work[^.]*\./g, ''))
    assert.equal(english, null, `${path}: ${english && text.slice(Math.max(0, english.index - 60), english.index + 60)}`)
  }
})
await test('all that was done keeps the database sound', () => {
  const done = server.run(['check'])
  assert.equal(done.code, 0, done.stdout + done.stderr)
})
await test('it stops in good order', async () => assert.equal((await server.stop()).code, 0, server.log.slice(-20).join('\n')))
server.remove()

end()
