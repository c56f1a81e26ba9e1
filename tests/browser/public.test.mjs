// The public site as visitors meet it: booking on a phone by touch, by keyboard alone, without
// JavaScript and in Spanish; times that go, holds that end, links that move and cancel.
//
//   BALM=path/to/balm node tests/browser/public.test.mjs      (ONLY=words: only the parts so named)
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import ICAL from 'ical.js'
import { start } from '../http/server.mjs'
import { begin, bookByApi, focusOf, get, lettersTo, slots, tabTo, tooSmall, tooWide, until } from './browser.mjs'

const CLOCK = '2026-03-02T11:30:00Z' // a Monday, half past six in New York
const LATER = '2026-03-02T11:42:00Z' // when every hold made at CLOCK has ended
const TAPS_MAX = 7 // a session in under a minute is one in a handful of taps

/* Times are few and known: Ana on weekdays, Ben on Tuesdays, nobody at the weekend. */
const practice = {
  slug: 'willow', name: 'Willow Street Massage', timezone: 'America/New_York', currency: 'USD', locale: 'en-US',
  email: 'hello@willow.example', phone: '+1 555 0100', address: '3 Willow Street, Springfield',
  booking: { step_minutes: 30, notice_minutes: 120, horizon_days: 45, cancel_notice_minutes: 1440, reschedule_notice_minutes: 720, hold_minutes: 10 },
  rooms: [{ id: 'quiet', name: 'Quiet room' }, { id: 'garden', name: 'Garden room' }],
  therapists: [
    { id: 'ana', name: 'Ana Reyes', email: 'ana@willow.example',
      hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:30' }],
      exceptions: [{ date: '2026-03-12', closed: true }] },
    { id: 'ben', name: 'Ben Ōta', email: 'ben@willow.example', hours: [{ days: ['tue'], from: '10:00', to: '18:00' }] },
  ],
  services: [
    { id: 'relief-60', name: 'Chronic pain session', minutes: 60, buffer_after_minutes: 15, price: '95.00', therapists: ['ana', 'ben'], rooms: ['quiet', 'garden'], description: 'Two or three areas, measured before and after.' },
    { id: 'focus-30', name: 'Focused half hour', minutes: 30, price: '55.00', therapists: ['ana'], rooms: ['quiet'], description: 'One area that troubles you most.' },
  ],
}

const t = await begin()
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'balm-practice-'))
const file = path.join(folder, 'practice.json')
fs.writeFileSync(file, JSON.stringify(practice))
const server = await start({ clock: CLOCK, practice: file })
fs.rmSync(folder, { recursive: true })
t.log = () => server.log.join('\n')

const instant = (text) => new Date(text).getTime()
const timeButton = (page, start) => page.locator(`section button[name=start][value="${start}"]`)

/** Opens the times of a service on a day, gives the RFC 3339 starts on offer. */
async function openDay(visit, service, day, more = '', at = server) {
  await visit.page.goto(`${at.url}/book/${service}?day=${day}${more}`)
  return visit.page.locator('section button[name=start]').evaluateAll((buttons) => buttons.map((b) => b.value))
}

/** From the times to the form. */
async function choose(visit, start) {
  await timeButton(visit.page, start).click()
  await visit.page.waitForURL(/\/details\?/)
}

async function book(visit, name, email) {
  const { page } = visit
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Book this session' }).click()
  await page.waitForURL(/\/b\/[^/]+\?new=1/)
}

const tokenOf = (page) => page.url().match(/\/b\/([^/?.]+)/)[1]

/** A visitor who has just booked: {visit, token, start}. */
async function booked(options, service, day, at, name, email) {
  const visit = await t.open(options)
  const starts = await openDay(visit, service, day)
  const start = starts.find((s) => s.includes(`T${at}`))
  await choose(visit, start)
  await book(visit, name, email)
  return { visit, page: visit.page, token: tokenOf(visit.page), start }
}

// ---- would this test see it? ----

await t.part('faults are noticed', async () => {
  const visit = await t.open({ device: 'phone' })
  const { page, faults } = visit
  await page.goto(server.url)
  await page.evaluate(() => document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = "run"' })))
  await until('the refused script', () => faults.some((fault) => /Content Security Policy/.test(fault)))
  t.check('an inline script is refused and noticed', await page.title() !== 'run')
  await page.evaluate(() => fetch('/static/none.js').then((response) => response.text()))
  await until('the missing file', () => faults.some((fault) => fault.startsWith('404')))
  await page.evaluate(() => setTimeout(() => { throw new Error('a slip') }))
  await until('the slip of a script', () => faults.some((fault) => /a slip/.test(fault)))
  t.check('scripts that fail and files that are missing are noticed', true)
  faults.length = 0
  t.equal('nothing sticks out', await tooWide(page), [])
  await page.evaluate(() => document.querySelector('main').prepend(Object.assign(document.createElement('button'), { id: 'long', textContent: 'x'.repeat(90) })))
  t.check('what sticks out is named', (await tooWide(page)).length > 0)
  await page.evaluate(() => { document.querySelector('#long').textContent = 'little' })
  t.check('what is too small to touch is named', (await tooSmall(page, 'main')).some((name) => name.includes('little')))
  await page.evaluate(() => { const e = document.querySelector('#long'); e.style.outline = 'none'; e.focus() })
  t.check('a focus that is not seen is named', (await focusOf(page)).seen === false)
  faults.length = 0
})

// ---- by touch ----

await t.part('a stranger books on a phone', async () => {
  const visit = await t.open({ device: 'phone' })
  const { page } = visit
  await page.goto(server.url)
  t.check('home: the practice is named', (await page.title()).includes('Willow Street Massage'), await page.title())
  t.check('home: the next opening is offered', await page.locator('.hero .opening').isVisible())
  await visit.tapTo(page.locator('.hero').getByRole('link', { name: 'Find a time' }), /\/book$/)
  t.equal('step 1: targets of 44 px', await tooSmall(page, 'main'), [])
  await visit.tapTo(page.getByRole('link', { name: /See times.*Chronic pain/ }), /\/book\/relief-60$/)
  t.equal('step 2: targets of 44 px', await tooSmall(page, 'main'), [])
  t.check('step 2: the first day with openings is chosen', await page.getByRole('heading', { name: 'Monday, March 2' }).isVisible())
  t.check('step 2: the zone is named', await page.getByText('All times are New York time').isVisible())
  const first = page.locator('section button[name=start]').first()
  const start = await first.getAttribute('value')
  t.equal('step 2: the first time is the day’s opening', instant(start), instant('2026-03-02T09:00:00-05:00'))
  await visit.tapTo(first, /\/book\/relief-60\/details\?/)
  t.equal('step 3: targets of 44 px', await tooSmall(page, 'main'), [])
  t.check('step 3: says what is being booked', (await page.locator('.session').innerText()).includes('Monday, March 2'), await page.locator('.session').innerText())
  t.check('step 3: says how long the time is kept', /another (9|10) minutes/.test(await page.locator('[data-hold-running]').innerText()), await page.locator('[data-hold-running]').innerText())
  await visit.type('Your name', 'Rosa Delgado')
  await visit.type('E-mail', 'rosa@mail.example')
  await visit.tapTo(page.getByRole('button', { name: 'Book this session' }), /\/b\/[^/]+\?new=1/)
  t.check('done: says so', await page.getByRole('heading', { level: 1, name: 'See you then.' }).isVisible())
  t.check('done: names the day and the time', /Monday, March 2[^]*9:00\sAM/.test(await page.locator('.ticket').innerText()), await page.locator('.ticket').innerText())
  t.check('done: names the address of the letter', await page.getByText('rosa@mail.example').isVisible())
  t.equal('done: targets of 44 px', await tooSmall(page, 'main'), [])
  t.check(`booked with ${visit.taps} taps (at most ${TAPS_MAX})`, visit.taps <= TAPS_MAX)

  const free = await slots(server, 'relief-60', '2026-03-02')
  t.check('the time is gone from the offers', !free.some((slot) => instant(slot.start) === instant(start)))
  const token = tokenOf(page)
  await page.goto(`${server.url}/b/${token}`)
  t.check('the link shows the session', await page.getByRole('heading', { level: 1, name: 'Your session' }).isVisible())
  t.equal('the link: targets of 44 px', await tooSmall(page, 'main'), [])
  t.check('the page of a token is not for search engines', await page.locator('meta[name=robots][content*=noindex]').count() === 1)

  const [letter] = await until('the confirmation', () => { const found = lettersTo(server, 'rosa@mail.example'); return found.length && found })
  t.check('the letter carries the link', letter.text.includes(`/b/${token}`), letter.text)
  t.check('the letter has HTML', (letter.parts['text/html'] ?? '').includes(`/b/${token}`))
  const event = new ICAL.Component(ICAL.parse(letter.parts['text/calendar'] ?? '')).getFirstSubcomponent('vevent')
  const zone = letter.parts['text/calendar'].includes('BEGIN:VTIMEZONE')
  t.check('the letter has a calendar entry at that time', zone && event.getFirstPropertyValue('dtstart').toString().startsWith('2026-03-02T09:00:00'), letter.parts['text/calendar'])
  const ics = await get(`${server.url}/b/${token}.ics`)
  t.check('the link gives the same calendar entry', ics.type.startsWith('text/calendar') && ics.body.includes(`UID:${event.getFirstPropertyValue('uid')}`), ics.body)
})

await t.part('sending the form twice books once', async () => {
  const visit = await t.open({ device: 'phone', js: false })
  const { page } = visit
  const starts = await openDay(visit, 'focus-30', '2026-03-06')
  await choose(visit, starts[0])
  const details = page.url()
  const fields = await page.locator('form.form input[type=hidden]').evaluateAll((inputs) => inputs.map((i) => [i.name, i.value]))
  const action = await page.locator('form.form').getAttribute('action')
  await book(visit, 'Tom Eriksen', 'tom@mail.example')
  const token = tokenOf(page)
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const again = await fetch(server.url + action, {
    method: 'POST', redirect: 'manual', headers: { Origin: server.url, Cookie: cookies },
    body: new URLSearchParams([...fields, ['name', 'Tom Eriksen'], ['email', 'tom@mail.example']]),
  })
  t.equal('the same form once more leads to the same session', [again.status, again.headers.get('location')?.includes(token)], [303, true])
  await page.goto(details)
  t.check('the way back leads to it as well', page.url().includes(`/b/${token}`), await page.locator('main').innerText())
})

// ---- by keyboard ----

await t.part('a stranger books with the keyboard alone', async () => {
  const visit = await t.open({ device: 'desktop' })
  const { page } = visit
  await page.goto(server.url)
  await page.keyboard.press('Tab')
  const skip = await focusOf(page)
  t.check('the first Tab shows the skip link', skip?.what.includes('Skip to the content') && skip.inside && skip.onTop, skip)
  await page.keyboard.press('Enter')
  t.equal('the skip link leads to the content', await page.evaluate(() => document.activeElement.id), 'content')
  await page.keyboard.press('Tab')
  t.check('the next Tab is inside the content', await page.evaluate(() => document.querySelector('main').contains(document.activeElement)))
  await page.keyboard.press('Shift+Tab')
  await tabTo(t, page, page.locator('.hero').getByRole('link', { name: 'Find a time' }), 'home')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/book$/)
  await tabTo(t, page, page.getByRole('link', { name: /See times.*Chronic pain/ }), 'step 1')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/book\/relief-60$/)

  await tabTo(t, page, page.locator('a.more'), 'the whole month')
  await page.keyboard.press('Enter')
  await page.waitForURL(/month=2026-03&day=2026-03-\d\d#month$/)
  await page.locator('.month').waitFor({ state: 'visible' })
  await tabTo(t, page, page.locator('.month a.day', { hasText: 'Tuesday, March 10' }), 'a day of the month')
  await page.keyboard.press('Enter')
  await page.waitForURL(/day=2026-03-10/)
  t.check('the day chosen is shown', await page.getByRole('heading', { name: 'Tuesday, March 10' }).isVisible())
  t.check('the day chosen is marked as the current one', await page.locator('.days a[aria-current=date]').count() === 1)
  await tabTo(t, page, page.locator('section button[name=start]').nth(2), 'a time')
  await page.keyboard.press('Space')
  await page.waitForURL(/\/details\?/)
  await tabTo(t, page, page.getByLabel('Your name'), 'the name')
  await page.keyboard.type('Ingrid Weiss')
  await tabTo(t, page, page.getByLabel('E-mail'), 'the e-mail')
  await page.keyboard.type('ingrid@mail.example')
  await tabTo(t, page, page.getByLabel('Phone'), 'the phone')
  await tabTo(t, page, page.getByLabel('Anything we should know?'), 'the note')
  await page.keyboard.type('Two steps are fine.')
  t.check('the trap for programs is not in the way', await page.evaluate(() => document.querySelector('#website').tabIndex === -1))
  await tabTo(t, page, page.getByRole('button', { name: 'Book this session' }), 'the button')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/b\/[^/]+\?new=1/)
  t.check('booked', await page.getByRole('heading', { name: 'See you then.' }).isVisible())
  await tabTo(t, page, page.getByRole('link', { name: 'Move or cancel' }), 'done')
  await page.keyboard.press('Enter')
  await tabTo(t, page, page.getByRole('link', { name: 'Cancel this session' }), 'the session')
  await page.keyboard.press('Enter')
  await tabTo(t, page, page.getByRole('button', { name: 'Cancel the session' }), 'cancelling')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'This session is cancelled' }).waitFor()
  t.check('cancelled', true)
})

// ---- without JavaScript ----

await t.part('a stranger books without JavaScript', async () => {
  const visit = await t.open({ device: 'phone', js: false })
  const { page } = visit
  await page.goto(server.url)
  await visit.tapTo(page.locator('.hero').getByRole('link', { name: 'Find a time' }), /\/book$/)
  await visit.tapTo(page.getByRole('link', { name: /See times.*Chronic pain/ }), /\/book\/relief-60$/)
  await visit.tapTo(page.getByRole('link', { name: 'Week after' }), /week=/)
  t.check('the next week begins with its first opening', await page.getByRole('heading', { name: 'Monday, March 9' }).isVisible())
  await visit.tapTo(page.locator('a.more'), /month=2026-03&day=2026-03-09#month$/)
  await page.locator('.month').waitFor({ state: 'visible' })
  await visit.tapTo(page.locator('.month a.day', { hasText: 'Wednesday, March 11' }), /day=2026-03-11/)
  await visit.tapTo(page.locator('section button[name=start]').first(), /\/details\?/)
  t.check('the time left is said in words', /another (9|10) minutes/.test(await page.locator('.hold').first().innerText()))
  await visit.type('Your name', 'Malik Okafor')
  await visit.type('E-mail', 'malik@mail.example')
  await visit.tapTo(page.getByRole('button', { name: 'Book this session' }), /\/b\/[^/]+\?new=1/)
  t.check('booked', await page.getByRole('heading', { name: 'See you then.' }).isVisible())
  await visit.tapTo(page.getByRole('link', { name: 'Move or cancel' }), /\/b\/[^/?]+$/)
  await visit.tapTo(page.getByRole('link', { name: 'Move to another time' }), /\/move/)
  await visit.tapTo(page.getByRole('link', { name: 'Week after' }), /week=/)
  const day = await page.locator('#day').innerText()
  await visit.tap(page.locator('section button[name=start]').last())
  await page.getByText('Your session has moved.').waitFor()
  t.check('moved', day.includes(', March ') && (await page.locator('.ticket').innerText()).includes(day), [day, await page.locator('.ticket').innerText()])
})

// ---- in Spanish ----

await t.part('a stranger books in Spanish', async () => {
  const visit = await t.open({ device: 'phone', locale: 'es-MX' })
  const { page } = visit
  await page.goto(server.url)
  t.equal('the page follows the browser’s language', await page.locator('html').getAttribute('lang'), 'es')
  await page.goto(`${server.url}/book/relief-60?day=2026-03-17`)
  t.check('the day is in Spanish', await page.getByRole('heading', { name: /martes, 17 de marzo/i }).isVisible())
  await page.locator('section button[name=start]').first().tap()
  await page.waitForURL(/\/details\?/)
  await page.locator('#name').fill('Lucía Castellanos')
  await page.locator('#email').fill('no es una dirección')
  await page.locator('form.form').evaluate((form) => { form.noValidate = true })
  await page.locator('form.form button[type=submit]').tap()
  const problem = page.locator('#email-error')
  await problem.waitFor()
  t.check('the mistake is explained in Spanish', !/e-mail address/.test(await problem.innerText()), await problem.innerText())
  await page.locator('#email').fill('lucia@mail.example')
  await page.locator('form.form button[type=submit]').tap()
  await page.waitForURL(/\/b\/[^/]+\?new=1/)
  t.equal('still Spanish when booked', await page.locator('html').getAttribute('lang'), 'es')
  const [letter] = await until('the letter', () => { const found = lettersTo(server, 'lucia@mail.example'); return found.length && found })
  t.check('the letter is in Spanish', /17 de marzo/i.test(letter.text), letter.text)
  await page.getByRole('link', { name: 'English' }).tap()
  await page.locator('html[lang=en]').waitFor()
  await page.goto(server.url)
  t.equal('the visitor’s choice stays', await page.locator('html').getAttribute('lang'), 'en')
})

// ---- times that go ----

await t.part('the time was taken while the visitor looked', async () => {
  const visit = await t.open({ device: 'phone' })
  const { page } = visit
  const starts = await openDay(visit, 'focus-30', '2026-03-04', '&therapist=ana')
  const wanted = starts.find((s) => s.includes('T11:00'))
  await bookByApi(server, { service: 'focus-30', start: wanted })
  await timeButton(page, wanted).tap()
  await page.getByRole('alert').getByText('Someone was a moment faster').waitFor()
  t.equal('the answer is a conflict', visit.statuses.at(-1).status, 409)
  const offers = await page.locator('.offers button[name=start]').evaluateAll((buttons) => buttons.map((b) => b.value))
  const nearest = [...starts].filter((s) => s !== wanted).sort((a, b) => Math.abs(instant(a) - instant(wanted)) - Math.abs(instant(b) - instant(wanted)))
  t.equal('the nearest three are offered', offers.map(instant), nearest.slice(0, 3).map(instant).sort((a, b) => a - b))
  t.equal('the time is no button any more', await timeButton(page, wanted).count(), 0)
  t.equal('targets of 44 px', await tooSmall(page, 'main'), [])
  await page.locator('.offers button').first().tap()
  await page.waitForURL(/\/details\?/)
  await book(visit, 'June Park', 'june@mail.example')
  t.check('one of the three is booked', await page.getByRole('heading', { name: 'See you then.' }).isVisible())
})

await t.part('the hold ended and the time was taken before confirming', async () => {
  const later = await start({ clock: LATER, dir: server.dir }) // the same practice, twelve minutes on
  const visit = await t.open({ device: 'phone' })
  const { page } = visit
  const starts = await openDay(visit, 'focus-30', '2026-03-05')
  const wanted = starts.find((s) => s.includes('T10:00'))
  await choose(visit, wanted)
  await page.getByLabel('Your name').fill('Samuel Haddad')
  await page.getByLabel('E-mail').fill('samuel@mail.example')
  await bookByApi(later, { service: 'focus-30', start: wanted })
  await page.getByRole('button', { name: 'Book this session' }).click()
  await page.getByRole('alert').getByText('Someone was a moment faster').waitFor()
  t.equal('the nearest three are offered', await page.locator('.offers button[name=start]').count(), 3)
  t.equal('nothing was booked', lettersTo(server, 'samuel@mail.example').length, 0)
  await page.locator('.offers button').nth(1).tap()
  await page.waitForURL(/\/details\?/)
  await book(visit, 'Samuel Haddad', 'samuel@mail.example')
  t.check('another time is booked', await page.getByRole('heading', { name: 'See you then.' }).isVisible())
  t.equal('the later server ends well', (await later.stop()).code, 0)
})

await t.part('the hold ended but the time is still free', async () => {
  const later = await start({ clock: LATER, dir: server.dir })
  const visit = await t.open({ device: 'phone' })
  const { page } = visit
  const starts = await openDay(visit, 'focus-30', '2026-03-09')
  await choose(visit, starts[0])
  await page.goto(page.url().replace(server.url, later.url))
  await page.getByText('We no longer hold this time for you.').first().waitFor()
  t.equal('no time is counted down', await page.locator('[data-hold-seconds]').count(), 0)
  await book(visit, 'Aiko Nguyen', 'aiko@mail.example')
  t.check('it can be booked all the same', await page.getByRole('heading', { name: 'See you then.' }).isVisible())
  t.equal('the later server ends well', (await later.stop()).code, 0)
})

await t.part('the hold counts down, and is renewed once', async () => {
  const visit = await t.open({ device: 'phone' })
  const { page } = visit
  const starts = await openDay(visit, 'focus-30', '2026-03-10')
  await page.clock.install()
  await choose(visit, starts[0])
  const left = page.locator('[data-hold-running] b')
  await page.clock.runFor('04:30')
  t.check('minutes go by', /^[56] minutes$/.test(await left.innerText()), await left.innerText())
  await page.getByLabel('Your name').fill('Bernard')
  await page.getByLabel('Anything we should know?').fill('First line\nsecond')
  await page.getByRole('button', { name: 'I need a little longer' }).tap()
  await page.getByText('We keep this time for you a little longer.').waitFor()
  t.equal('what was typed is kept', [await page.getByLabel('Your name').inputValue(), await page.getByLabel('Anything we should know?').inputValue()], ['Bernard', 'First line\nsecond'])
  t.equal('it is renewed once only', await page.getByRole('button', { name: 'I need a little longer' }).count(), 0)
  await page.clock.runFor('09:00')
  t.check('a voice says when the end is near', /minute/.test(await page.locator('.hold [role=status]').first().textContent()), await page.locator('.hold [role=status]').first().textContent())
  await page.clock.runFor('12:00')
  t.check('the end is said', await page.locator('[data-hold-ended]').isVisible())
  t.check('the count is gone', !(await left.isVisible()))
})

// ---- mending, moving, cancelling ----

await t.part('wrong input is explained where it stands', async () => {
  const visit = await t.open({ device: 'phone', js: false })
  const { page } = visit
  const starts = await openDay(visit, 'focus-30', '2026-03-11')
  await choose(visit, starts[0])
  await page.locator('form.form').evaluate((form) => { form.noValidate = true })
  await page.getByLabel('E-mail').fill('samuel at mail')
  await page.getByLabel('Phone').fill('call me')
  await page.getByLabel('Anything we should know?').fill('The left shoulder.\n<b>Please</b>')
  await page.getByRole('button', { name: 'Book this session' }).click()
  await page.locator('#name-error').waitFor()
  t.equal('the answer is 422', visit.statuses.at(-1).status, 422)
  for (const [name, words] of [['name', /tell us your name/], ['email', /does not look like an e-mail/], ['phone', /does not look like a phone/]]) {
    const field = page.locator(`#${name}`)
    t.check(`${name}: says what to mend`, words.test(await page.locator(`#${name}-error`).innerText()))
    t.equal(`${name}: is marked for those who do not see`, [await field.getAttribute('aria-invalid'), (await field.getAttribute('aria-describedby')).split(' ')[0]], ['true', `${name}-error`])
  }
  t.check('one message above says so', await page.getByRole('status').getByText('Almost there.').isVisible())
  t.equal('what was typed is kept', await Promise.all(['E-mail', 'Phone', 'Anything we should know?'].map((label) => page.getByLabel(label).inputValue())),
    ['samuel at mail', 'call me', 'The left shoulder.\n<b>Please</b>'])
  await page.getByLabel('Phone').fill('')
  await book(visit, 'Catalina Rossi', 'catalina@mail.example')
  t.check('mended, it is booked', await page.getByRole('heading', { name: 'See you then.' }).isVisible())
})

await t.part('moved and cancelled by the link', async () => {
  const { page, token, visit, start: first } = await booked({ device: 'phone' }, 'focus-30', '2026-03-16', '09:00', 'Dev Kowalska', 'dev@mail.example')
  const sequence = (letter) => new ICAL.Component(ICAL.parse(letter.parts['text/calendar'])).getFirstSubcomponent('vevent').getFirstPropertyValue('sequence')
  await page.goto(`${server.url}/b/${token}`)
  await visit.tapTo(page.getByRole('link', { name: 'Move to another time' }), /\/move/)
  t.equal('moving: targets of 44 px', await tooSmall(page, 'main'), [])
  await page.goto(`${server.url}/b/${token}/move?day=2026-03-17`)
  await page.getByRole('button', { name: '2:00 PM', exact: true }).tap()
  await page.getByText('Your session has moved.').waitFor()
  t.check('the new time is shown', /Tuesday, March 17[^]*2:00\sPM/.test(await page.locator('.ticket').innerText()), await page.locator('.ticket').innerText())
  t.check('the old time is free again', (await slots(server, 'focus-30', '2026-03-16')).some((slot) => instant(slot.start) === instant(first)))
  const letters = await until('the letter about the move', () => { const found = lettersTo(server, 'dev@mail.example'); return found.length === 2 && found })
  const [before, moved] = letters.sort((a, b) => sequence(a) - sequence(b))
  t.check('the calendar entry moves with it', sequence(moved) > sequence(before) && moved.parts['text/calendar'].includes('20260317T140000'), moved.parts['text/calendar'])

  await page.reload()
  await visit.tapTo(page.getByRole('link', { name: 'Cancel this session' }), /\/cancel/)
  t.equal('cancelling: targets of 44 px', await tooSmall(page, 'main'), [])
  t.check('looking does not cancel', (await get(`${server.url}/b/${token}`)).body.includes('Cancel this session'))
  await page.getByLabel('Would you tell us why?').fill('A cold.')
  await page.getByRole('button', { name: 'Cancel the session' }).tap()
  await page.getByRole('heading', { name: 'This session is cancelled' }).waitFor()
  t.check('the page says that a letter comes', await page.getByText('Your session is cancelled.').isVisible())
  const last = await until('the letter about the end', () => lettersTo(server, 'dev@mail.example').find((letter) => /METHOD:CANCEL/.test(letter.parts['text/calendar'] ?? '')))
  t.check('the calendar entry is taken back', /STATUS:CANCELLED/.test(last.parts['text/calendar']))
  t.check('the time is free again', (await slots(server, 'focus-30', '2026-03-17')).some((slot) => instant(slot.start) === instant('2026-03-17T14:00:00-04:00')))
  await visit.tapTo(page.getByRole('link', { name: 'Find another time' }), /\/book/)
})

await t.part('too late to change it online', async () => {
  const { page, token } = await booked({ device: 'phone' }, 'focus-30', '2026-03-02', '14:00', 'Eleanor Jensen', 'eleanor@mail.example')
  await page.goto(`${server.url}/b/${token}`)
  t.check('says so, and whom to call', await page.getByText('It is too late to change this online.').isVisible() && await page.locator('main').getByRole('link', { name: '+1 555 0100' }).isVisible())
  t.equal('offers neither', await page.locator('main').getByRole('link', { name: /Move to|Cancel this/ }).count(), 0)
})

// ---- where and when ----

await t.part('a visitor in another time zone', async () => {
  const visit = await t.open({ device: 'phone', timezone: 'Europe/Rome' })
  const { page } = visit
  await page.goto(`${server.url}/book/relief-60?day=2026-03-18`)
  const rome = page.getByText('Your device is on Rome time')
  await rome.waitFor()
  t.check('both zones are named', (await page.locator('form').innerText()).includes('New York time'))
  const labels = await page.locator('section button[name=start]').evaluateAll((buttons) => buttons.map((b) => [b.value, b.innerText.replace(/\s+/g, ' ').trim()]))
  const clock = (start, zone) => new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', minute: '2-digit' }).format(new Date(start)).replace(/\s/g, ' ')
  const wrong = labels.filter(([start, text]) => text !== `${clock(start, 'America/New_York')} ${clock(start, 'Europe/Rome')} for you`)
  t.check('there are times', labels.length > 5)
  t.equal('every label is right in both zones', wrong, []) // five hours apart, for these weeks only
  await page.locator('section button[name=start]').first().tap()
  await page.waitForURL(/\/details\?/)
  t.check('the form says both', /Wednesday, March 18, 2026, 9:00\sAM[^]*2:00\sPM where you are/.test(await page.locator('.session').innerText()), await page.locator('.session').innerText())
  await book(visit, 'Hugo Silva', 'hugo@mail.example')
  t.check('the ticket says both', /9:00\sAM[^]*2:00\sPM where you are/.test(await page.locator('.ticket').innerText()), await page.locator('.ticket').innerText())
})

await t.part('days without openings are marked before they are tapped', async () => {
  const visit = await t.open({ device: 'phone' })
  const { page } = visit
  await page.goto(`${server.url}/book/focus-30?month=2026-03`)
  const days = await page.locator('.month .day').evaluateAll((cells) => cells.map((cell) => ({ link: cell.matches('a[href]'), text: cell.textContent.replace(/\s+/g, ' ').trim(), hidden: cell.getAttribute('aria-hidden') === 'true' })))
  const free = new Set((await slots(server, 'focus-30', '2026-03-02', '2026-03-31')).map((slot) => Number(slot.start.slice(8, 10))))
  for (let day = 2; day <= 31; day++) {
    const cell = days.find((c) => new RegExp(`March ${day}\\b`).test(c.text))
    const ok = cell && cell.link === free.has(day) && (cell.link ? /\d+ openings?/ : /no openings/).test(cell.text)
    if (!ok) t.check(`March ${day}`, false, cell)
  }
  t.check('some days are full', free.size > 15 && free.size < 29)
  t.check('every day of the month is there', days.filter((c) => /March \d/.test(c.text)).length === 30, days)
  t.check('a day that is past is no day to choose', days.filter((c) => c.hidden).length >= 1)
  await page.goto(`${server.url}/book/focus-30?day=2026-03-12`)
  t.check('a full day says so and offers the nearest', await page.getByText('Nothing is free on this day.').isVisible() && /March 13/.test(await page.locator('a.offer').innerText()))
  await page.locator('a.offer').tap()
  await page.getByRole('heading', { name: 'Friday, March 13' }).waitFor()
  t.check('the offer leads there', await page.locator('section button[name=start]').count() > 0)
})

// ---- every page ----

await t.part('every public page at every width', async () => {
  const seeder = await booked({ device: 'phone' }, 'focus-30', '2026-03-20', '09:00', 'Grace O’Brien', 'grace@mail.example')
  const kept = await booked({ device: 'phone' }, 'focus-30', '2026-03-20', '11:00', 'Farid', 'farid@mail.example')
  await kept.page.goto(`${server.url}/b/${kept.token}/cancel`)
  await kept.page.getByRole('button', { name: 'Cancel the session' }).tap()
  await kept.page.getByRole('heading', { name: 'This session is cancelled' }).waitFor()
  await openDay(kept.visit, 'relief-60', '2026-03-19')
  await kept.page.locator('section button[name=start]').first().click()
  await kept.page.waitForURL(/\/details\?/)
  const details = new URL(kept.page.url())
  const pages = ['/', '/services', '/privacy', '/book', '/book/relief-60', '/book/relief-60?month=2026-03', '/book/focus-30?day=2026-03-12',
    details.pathname + details.search, `/b/${seeder.token}?new=1`, `/b/${seeder.token}`, `/b/${seeder.token}/move`, `/b/${seeder.token}/cancel`, `/b/${kept.token}`,
    '/nowhere', '/?lang=es', '/book/relief-60?lang=es', `/b/${seeder.token}?lang=es`]
  for (const width of [320, 390, 768, 1280]) {
    const visit = await t.open({ device: width < 700 ? 'phone' : 'desktop', width })
    const wide = []
    const small = []
    for (const address of pages) {
      await visit.page.goto(server.url + address)
      await visit.page.evaluate(() => document.fonts.ready.then(() => undefined))
      for (const name of await tooWide(visit.page)) wide.push(`${address}: ${name}`)
      // Seven days side by side leave 37 px each on the narrowest phones.
      for (const name of await tooSmall(visit.page, 'body', width < 360 ? '.day' : null)) small.push(`${address}: ${name}`)
    }
    t.equal(`${width} px: nothing sticks out sideways`, wide, [])
    t.equal(`${width} px: targets of 44 px`, small, [])
    await visit.close(`${width} px`)
  }
})

await t.part('what the pages are made of', async () => {
  const home = await get(`${server.url}/`)
  const policy = home.headers['content-security-policy'] ?? ''
  t.check('no script or style stands in a page', policy.includes("script-src 'self'") && !policy.includes('unsafe'), policy)
  t.check('no inline handlers or styles', !/\son[a-z]+=|\sstyle=/.test(home.body))
  const visit = await t.open({ device: 'desktop' })
  await visit.page.goto(server.url)
  const data = JSON.parse(await visit.page.locator('script[type="application/ld+json"]').textContent())
  t.check('search engines are told what this is', JSON.stringify(data).includes('schema.org') && JSON.stringify(data).includes('Willow Street Massage'), data)
  const meta = (name) => visit.page.locator(`meta[property="og:${name}"]`).getAttribute('content')
  for (const name of ['title', 'description', 'url']) t.check(`og:${name}`, await meta(name))
  const picture = new URL(await meta('image'))
  const found = await get(server.url + picture.pathname)
  t.equal('og:image is there', [found.status, found.type], [200, 'image/png'])
  for (const [address, type] of [['/robots.txt', 'text/plain'], ['/sitemap.xml', 'application/xml'], ['/favicon.ico', 'image/'], ['/manifest.webmanifest', 'application/manifest+json']]) {
    const answer = await get(server.url + address)
    t.check(`${address}`, answer.status === 200 && answer.type.startsWith(type), [answer.status, answer.type])
  }
  const map = await get(`${server.url}/sitemap.xml`)
  for (const [, address] of map.body.matchAll(/<loc>([^<]+)<\/loc>/g)) {
    const answer = await get(server.url + new URL(address.replace(/&amp;/g, '&')).pathname)
    if (answer.status !== 200) t.check(`sitemap: ${address}`, false, answer.status)
  }
  const icons = JSON.parse((await get(`${server.url}/manifest.webmanifest`)).body).icons
  for (const icon of icons) t.check(`icon ${icon.sizes}`, (await get(server.url + icon.src)).status === 200)
  t.equal('an unknown page is a page', [(await get(`${server.url}/nowhere`)).status, (await get(`${server.url}/nowhere`)).type], [404, 'text/html; charset=utf-8'])
  t.equal('an unknown link is not found', (await get(`${server.url}/b/${'A'.repeat(22)}`)).status, 404)
})

const check = server.run(['check'])
t.equal('balm check holds after all of it', check.code, 0)
t.equal('the server ends well', (await server.stop()).code, 0)
if (!t.failed) server.remove()
else console.log(`kept: ${server.dir}`)
await t.end()
