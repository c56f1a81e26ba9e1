// The staff calendar in a real browser: seen, dragged, resized, refused, created, undone, told live.
// usage: BALM=path/to/balm node calendar.mjs [DIR for pictures]
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { makeClient, start } from '../http/server.mjs'

const pictures = process.argv[2]
const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PASSWORD = 'calm harbour morning'
const ZONE = 'America/New_York'

let passed = 0
let failed = 0
async function test(name, body) {
  try {
    await body()
    passed++
  } catch (error) {
    failed++
    console.log(`FAILED ${name}\n  ${String(error.stack ?? error).split('\n').slice(0, 14).join('\n  ')}`)
    if (pictures) await page?.screenshot({ path: path.join(pictures, `failed-${failed}.png`) }).catch(() => {})
  }
}

/* ---- a practice that is open every day, next week ---- */

const DAY_MS = 24 * 60 * 60 * 1000
const today = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(new Date())
const plus = (day, count) => new Date(Date.parse(`${day}T00:00Z`) + count * DAY_MS).toISOString().slice(0, 10)
const weekday = (day) => new Date(`${day}T00:00Z`).getUTCDay()
const monday = plus(today, 7 + ((8 - weekday(today)) % 7))
const day = (n) => plus(monday, n)

const hours = (from, to) => [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from, to }]
const practice = {
  slug: 'still-water', name: 'Still Water Massage', timezone: ZONE, currency: 'USD', locale: 'en-GB', hosts: [],
  email: 'hello@still.example', phone: '+1 555 0100', address: '1 Main St, Springfield',
  booking: { step_minutes: 15, notice_minutes: 120, horizon_days: 60, cancel_notice_minutes: 60, reschedule_notice_minutes: 60, hold_minutes: 10, max_per_day: null, max_active_per_client: null },
  rooms: [{ id: 'quiet', name: 'Quiet room' }, { id: 'garden', name: 'Garden room' }],
  therapists: [
    { id: 'ana', name: 'Ana Reyes', email: 'ana@still.example', hours: hours('09:00', '17:00'), exceptions: [] },
    { id: 'ben', name: 'Ben Ōta', email: 'ben@still.example', hours: hours('11:00', '18:00'), exceptions: [] },
  ],
  services: [
    { id: 'relief-60', name: 'Chronic pain session', minutes: 60, buffer_before_minutes: 0, buffer_after_minutes: 15, price: '95.00', therapists: ['ana', 'ben'], rooms: ['quiet', 'garden'], description: '' },
    { id: 'long-90', name: 'Long session', minutes: 90, buffer_before_minutes: 15, buffer_after_minutes: 15, price: '140.00', therapists: ['ana'], rooms: ['quiet'], description: '' },
  ],
}
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'balm-calendar-'))
const file = path.join(work, 'practice.json')
fs.writeFileSync(file, JSON.stringify(practice))
const server = await start({ clock: null, practice: file })
const client = makeClient(server.port)
assert.equal(server.run(['user', 'add', 'olga@still.example', '--practice', 'still-water', '--role', 'owner'], `${PASSWORD}\n`).code, 0)

async function signIn() {
  const answer = await client('POST', '/staff/sign-in', {
    body: new URLSearchParams({ email: 'olga@still.example', password: PASSWORD }).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: server.url },
  })
  assert.equal(answer.status, 303, answer.text.slice(0, 300))
  return answer.headers['set-cookie'][0].split(';')[0]
}
const cookie = await signIn()
async function post(what, body) {
  const answer = await client('POST', `/staff/calendar/${what}`, { body, headers: { Cookie: cookie, Origin: server.url } })
  assert.equal(answer.status, 200, `${what}: ${answer.text}`)
  return answer.json
}
const book = async (start, name, more = {}) => (await post('book', {
  service: 'relief-60', therapist: 'ana', start, client: { name, email: `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@example.org`, phone: '+1 555 0142' }, ...more,
})).booking
const events = async (from, to = plus(from, 1)) => (await client('GET', `/staff/calendar/events?from=${from}&to=${to}`, { headers: { Cookie: cookie } })).json

const rosa = await book(`${day(1)}T10:00`, 'Rosa Delgado', { note: 'Low back and left hip. Please no strong smells.' })
await book(`${day(1)}T13:00`, 'June Park')
await book(`${day(1)}T11:30`, 'Tom Eriksen', { therapist: 'ben' })
const seen = await book(`${day(0)}T09:30`, 'Rosa Delgado')
await post('status', { id: seen.id, status: 'done' })
const missed = await book(`${day(0)}T14:00`, 'Ada Whitfield-Montgomery of the Long Name')
await post('status', { id: missed.id, status: 'no-show' })
await book(`${day(2)}T11:00`, 'Kofi Mensah', { service: 'long-90' })
await book(`${day(3)}T15:00`, 'June Park', { therapist: 'ben' })
await post('time-off', { action: 'add', therapist: 'ana', start: `${day(3)}T12:00`, end: `${day(3)}T14:00`, note: 'Dentist' })
await client('POST', '/api/v1/holds', { body: { service: 'relief-60', therapist: 'ana', start: new Date(Date.parse((await events(day(2))).now)).toISOString() } })
const open = await client('GET', `/api/v1/availability?service=relief-60&from=${day(4)}&to=${day(4)}&therapist=ana`)
await client('POST', '/api/v1/holds', { body: { service: 'relief-60', therapist: 'ana', start: open.json.slots[4].start } })

/* ---- the browser, far away from the practice's zone ---- */

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'] })
const complaints = []
let page
async function visit(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'Asia/Tokyo', reducedMotion: 'reduce', ...options })
  const fresh = await context.newPage()
  fresh.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !/status of (409|422)/.test(message.text())) complaints.push(message.text())
  })
  fresh.on('pageerror', (error) => complaints.push(String(error)))
  page = fresh
  await fresh.goto(`${server.url}/staff/sign-in?next=${encodeURIComponent(`/staff/calendar?day=${day(1)}`)}`)
  await fresh.fill('[name=email]', 'olga@still.example')
  await fresh.fill('[name=password]', PASSWORD)
  await fresh.click('main form button')
  if (options.javaScriptEnabled !== false) await fresh.waitForSelector('.ec .ec-event.session, .ec-no-events')
  return fresh
}
const event = (name) => page.locator('.ec-event', { hasText: name }).first()
const toast = () => page.locator('#calendar-toast')
const settled = () => page.waitForLoadState('networkidle').catch(() => {}).then(() => page.waitForTimeout(300))

/** Where it stands, once it stands still: reading again makes new boxes. */
async function boxOf(locator) {
  for (let i = 0; i < 50; i++) {
    const box = await locator.boundingBox().catch(() => null)
    if (box) return box
    await page.waitForTimeout(50)
  }
  throw new Error('it is not there')
}

/** Drags from one place to another in steps, as a hand does. */
async function drag(from, to) {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  for (let i = 1; i <= 8; i++) await page.mouse.move(from.x + ((to.x - from.x) * i) / 8, from.y + ((to.y - from.y) * i) / 8)
  await page.mouse.up()
}
const middle = (box) => ({ x: box.x + box.width / 2, y: box.y + 12 })
/** Pixels of a minute, read from the grid. */
const minutePx = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('.ec-time-grid .ec-body') ?? document.body).getPropertyValue('--ec-slot-height') || getComputedStyle(document.querySelector('.ec')).getPropertyValue('--ec-slot-height')) / 30)
const at = async (id) => (await events(day(0), day(7))).bookings.find((one) => one.id === id)

await visit()

await test('the week is shown in the practice\'s zone', async () => {
  await page.click('[data-view="week"]')
  await event('Rosa Delgado').waitFor()
  assert.match(await page.locator('.ec-event', { hasText: '10:00' }).first().innerText(), /10:00–11:00\s+Rosa Delgado/)
  assert.equal(await page.locator('#calendar-plain').isVisible(), false)
  assert.match(await page.locator('.ec-event', { hasText: 'Ada' }).innerText(), /did not come/)
  assert.match(await page.locator('.ec-event', { hasText: 'Tom' }).innerText(), /first visit/)
  assert.equal(await page.locator('.ec-event.held').count(), 1)
  assert.equal(await page.locator('.ec-event.off').count(), 1)
  assert.ok(await page.locator('.ec-bg-event.closed').count() >= 14)
})

async function dragBy(name, minutes, days = 0) {
  await settled()
  const box = await boxOf(event(name))
  const column = (await page.locator('.ec-time-grid .ec-body .ec-day').first().boundingBox()).width
  await drag(middle(box), { x: middle(box).x + days * column, y: middle(box).y + minutes * await minutePx() })
}

await test('dragging moves, Undo moves back', async () => {
  await dragBy('Kofi', 60, 0)
  await toast().waitFor()
  assert.match(await toast().innerText(), /Kofi Mensah is now on .*12:00/)
  const kofi = (await events(day(2))).bookings[0]
  assert.equal(kofi.start, `${day(2)}T12:00:00`)
  await page.click('#calendar-undo')
  await page.waitForFunction(() => /is back on/.test(document.querySelector('#calendar-toast').innerText))
  assert.equal((await events(day(2))).bookings[0].start, `${day(2)}T11:00:00`)
  await settled()
  assert.match(await event('Kofi').innerText(), /11:00–12:30/)
})

await test('dragging to another day, outside hours, is done and said', async () => {
  await dragBy('Kofi', -180, 1)
  await toast().waitFor()
  await page.waitForFunction(() => /outside Ana Reyes/.test(document.querySelector('#calendar-toast').innerText))
  assert.equal((await events(day(3))).bookings[0].start, `${day(3)}T08:00:00`)
  await page.click('#calendar-undo')
  await page.waitForFunction(() => /is back on/.test(document.querySelector('#calendar-toast').innerText))
  await settled()
})

await test('a conflict snaps back with calm words', async () => {
  const box = await boxOf(event('10:00'))
  await drag(middle(box), { x: middle(box).x, y: middle(box).y + 150 * await minutePx() })
  await page.waitForFunction(() => /June Park/.test(document.querySelector('#calendar-toast').innerText))
  assert.match(await toast().innerText(), /Ana Reyes has June Park from 13:00 to 14:15/)
  assert.equal(await page.locator('#calendar-undo').isVisible(), false)
  await settled()
  assert.equal((await at(rosa.id)).start, `${day(1)}T10:00:00`)
  const after = await boxOf(page.locator('.ec-event', { hasText: '10:00–11:00' }).first())
  assert.ok(Math.abs(after.y - box.y) < 2, 'it is back where it was')
})

await test('pulling the edge makes it longer', async () => {
  const box = await boxOf(page.locator('.ec-event', { hasText: '10:00–11:00' }).first())
  const edge = { x: box.x + box.width / 2, y: box.y + box.height - 3 }
  await page.mouse.move(edge.x, edge.y)
  await drag(edge, { x: edge.x, y: edge.y + 30 * await minutePx() })
  await page.waitForFunction(() => /Rosa Delgado is now/.test(document.querySelector('#calendar-toast').innerText))
  assert.equal((await at(rosa.id)).minutes, 90)
  await page.click('#calendar-undo')
  await page.waitForFunction(() => /is back on/.test(document.querySelector('#calendar-toast').innerText))
  assert.equal((await at(rosa.id)).minutes, 60)
  await settled()
})

/** Where a time stands in the grid. */
async function place(column, minutes) {
  const cell = await page.locator('.ec-time-grid .ec-body .ec-day').nth(column).boundingBox()
  const first = await page.evaluate(() => JSON.parse(document.querySelector('#calendar-config').textContent).day_from)
  const from = Number(first.slice(0, 2)) * 60
  return { x: cell.x + cell.width / 2, y: cell.y + (minutes - from) * await minutePx() + 2 }
}

await test('an empty range becomes a session for a new client; Undo takes it out', async () => {
  await drag(await place(5, 10 * 60), await place(5, 11 * 60 + 25))
  await page.waitForSelector('#book-dialog[open]')
  assert.equal(await page.inputValue('#book-day'), day(5))
  assert.equal(await page.inputValue('#book-time'), '10:00')
  assert.equal(await page.inputValue('#book-minutes'), '90')
  await page.click('#book-form .btn:not([type="button"])')
  await page.waitForSelector('#book-problem:not([hidden])')
  assert.match(await page.innerText('#book-problem'), /Choose a client/)
  await page.fill('#book-query', 'Nora New')
  await page.click('#book-unknown')
  assert.equal(await page.inputValue('#book-client-name'), 'Nora New')
  await page.fill('#book-client-email', 'nora@example.org')
  await page.selectOption('#book-therapist', 'ana')
  await page.click('#book-form .btn:not([type="button"])')
  await page.waitForFunction(() => /Nora New is booked/.test(document.querySelector('#calendar-toast').innerText))
  await event('Nora New').waitFor()
  assert.deepEqual((await events(day(5))).bookings.map((one) => [one.start, one.minutes]), [[`${day(5)}T10:00:00`, 90]])
  await page.click('#calendar-undo')
  await page.waitForFunction(() => /cancelled again/.test(document.querySelector('#calendar-toast').innerText))
  await event('Nora New').waitFor({ state: 'detached' })
})

await test('a click on an empty place, a known client found as one types', async () => {
  const where = await place(5, 13 * 60)
  await page.mouse.click(where.x, where.y)
  await page.waitForSelector('#book-dialog[open]')
  assert.equal(await page.inputValue('#book-time'), '13:00')
  assert.equal(await page.inputValue('#book-minutes'), '60')
  await page.fill('#book-query', 'ros')
  await page.locator('#book-results button', { hasText: 'Rosa Delgado' }).click()
  assert.match(await page.innerText('#book-chosen'), /Rosa Delgado/)
  await page.click('#book-form .btn:not([type="button"])')
  await page.waitForFunction(() => /Rosa Delgado is booked/.test(document.querySelector('#calendar-toast').innerText))
  assert.equal((await events(day(5))).bookings[0].client.name, 'Rosa Delgado')
})

await test('New session and Time off propose the next time that has room for them', async () => {
  const proposed = async (button, dialog, field) => {
    await page.click(button)
    await page.waitForSelector(`${dialog}[open]`)
    const at = await page.inputValue(field)
    await page.keyboard.press('Escape')
    await page.waitForSelector(`${dialog}[open]`, { state: 'detached' })
    return at
  }
  await page.goto(`${server.url}/staff/calendar?day=${day(1)}`)
  await event('June Park').first().waitFor()
  assert.equal(await proposed('#calendar-book', '#book-dialog', '#book-time'), '09:00', 'Ana has an hour before ten')
  await page.selectOption('#calendar-who', 'ben')
  await settled()
  assert.equal(await proposed('#calendar-book', '#book-dialog', '#book-time'), '12:45', 'Ben has Tom from half past eleven, and a quarter to change over')
  assert.equal(await proposed('#calendar-off', '#off-dialog', '#off-from-time'), '12:45')
  await page.selectOption('#calendar-who', '')
  await settled()
})

await test('time off: from the range, moved by hand, taken out, put back', async () => {
  await drag(await place(6, 14 * 60), await place(6, 15 * 60 + 25))
  await page.waitForSelector('#book-dialog[open]')
  await page.click('#book-to-off')
  await page.waitForSelector('#off-dialog[open]')
  assert.equal(await page.inputValue('#off-to-time'), '15:30')
  await page.selectOption('#off-therapist', 'ana')
  await page.fill('#off-note', 'Course')
  await page.click('#off-form .btn:not([type="button"])')
  await page.waitForFunction(() => /Ana Reyes has time off/.test(document.querySelector('#calendar-toast').innerText))
  await event('Course').waitFor()
  await dragBy('Course', -60)
  await page.waitForFunction(() => /time off is now on/.test(document.querySelector('#calendar-toast').innerText))
  assert.equal((await events(day(6))).time_off[0].start, `${day(6)}T13:00:00`)
  await settled()
  await event('Course').click()
  await page.waitForSelector('#off-dialog[open]')
  assert.equal(await page.inputValue('#off-note'), 'Course')
  await page.fill('#off-note', 'Course in Boston')
  await page.click('#off-form .btn:not([type="button"])')
  await event('Course in Boston').waitFor()
  await settled()
  await event('Course in Boston').click()
  await page.waitForSelector('#off-dialog[open]')
  await page.click('#off-remove')
  await page.waitForFunction(() => /taken out/.test(document.querySelector('#calendar-toast').innerText))
  assert.equal((await events(day(6))).time_off.length, 0)
  await page.click('#calendar-undo')
  await page.waitForFunction(() => /is back/.test(document.querySelector('#calendar-toast').innerText))
  assert.deepEqual((await events(day(6))).time_off.map((one) => [one.start, one.note]), [[`${day(6)}T13:00:00`, 'Course in Boston']])
})

await test('all that dragging does, by keyboard', async () => {
  await page.locator('.ec-event .box', { hasText: '10:00–11:00' }).first().focus()
  await page.keyboard.press('Enter')
  await page.waitForSelector('#session-dialog[open]')
  assert.match(await page.innerText('#session-dialog'), /Rosa Delgado/)
  assert.match(await page.innerText('#session-note'), /no strong smells/)
  await page.fill('#session-time', '13:00')
  await page.focus('#session-minutes')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#session-problem:not([hidden])')
  assert.match(await page.innerText('#session-problem'), /June Park/)
  await page.fill('#session-time', '15:00')
  await page.selectOption('#session-therapist', 'ben')
  await page.focus('#session-minutes')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#session-dialog[open]', { state: 'detached' })
  const moved = await at(rosa.id)
  assert.deepEqual([moved.start, moved.therapist], [`${day(1)}T15:00:00`, 'ben'])
  await page.click('#calendar-undo')
  await page.waitForFunction(() => /is back on/.test(document.querySelector('#calendar-toast').innerText))
  await settled()
})

await test('done, and undone; cancelling asks first', async () => {
  await event('Tom Eriksen').click()
  await page.waitForSelector('#session-dialog[open]')
  await page.click('[data-status="done"]')
  await page.waitForFunction(() => /Tom Eriksen: done/.test(document.querySelector('#calendar-toast').innerText))
  await page.locator('.ec-event.done', { hasText: 'Tom' }).waitFor()
  await page.click('#calendar-undo')
  await page.locator('.ec-event.confirmed', { hasText: 'Tom' }).waitFor()
  await event('Tom Eriksen').click()
  await page.click('#session-cancel')
  await page.waitForSelector('#cancel-dialog[open]')
  await page.click('#cancel-dialog [data-close]')
  assert.equal(await page.locator('.ec-event', { hasText: 'Tom' }).count(), 1)
  await event('Tom Eriksen').click()
  await page.click('#session-cancel')
  await page.fill('#cancel-reason', 'Flu')
  await page.click('#cancel-form .btn.grave')
  await event('Tom Eriksen').waitFor({ state: 'detached' })
})

await test('what clients book outside appears by itself', async () => {
  const free = await client('GET', `/api/v1/availability?service=relief-60&from=${day(2)}&to=${day(2)}&therapist=ben`)
  const answer = await client('POST', '/api/v1/bookings', { body: { service: 'relief-60', therapist: 'ben', start: free.json.slots[0].start, client: { name: 'Lin Outside', email: 'lin@example.org' } } })
  assert.equal(answer.status, 201, answer.text)
  await event('Lin Outside').waitFor({ timeout: 3000 })
})

await test('a column for each therapist; dragging between them', async () => {
  await page.click('[data-view="team"]')
  await page.waitForFunction(() => document.querySelectorAll('.ec-col-head, .ec-resource').length >= 2)
  assert.match(await page.innerText('.ec-header'), /Ana Reyes\s+Ben/)
  const box = await boxOf(event('June Park'))
  const columns = page.locator('.ec-time-grid .ec-body .ec-day')
  assert.equal(await columns.count(), 2)
  const width = (await columns.first().boundingBox()).width
  await drag(middle(box), { x: middle(box).x + width, y: middle(box).y })
  await page.waitForFunction(() => /June Park is now/.test(document.querySelector('#calendar-toast').innerText))
  const june = (await events(day(1))).bookings.find((one) => one.client.name === 'June Park')
  assert.deepEqual([june.therapist, june.start], ['ben', `${day(1)}T13:00:00`])
  await page.click('#calendar-undo')
  await page.waitForFunction(() => /is back on/.test(document.querySelector('#calendar-toast').innerText))
  await settled()
})

await test('one therapist alone; other weeks', async () => {
  await page.click('[data-view="week"]')
  await event('Lin Outside').waitFor()
  await page.selectOption('#calendar-who', 'ana')
  await event('Lin Outside').waitFor({ state: 'detached' })
  assert.ok(await page.locator('.ec-event.session').count() > 2)
  await page.selectOption('#calendar-who', '')
  await page.click('#calendar-after')
  await event('Rosa Delgado').waitFor({ state: 'detached' })
  assert.match(page.url(), new RegExp(`day=${day(8)}`))
  await page.click('#calendar-before')
  await event('Rosa Delgado').waitFor()
})

/* ---- for everyone ---- */

async function axe(name) {
  await page.evaluate(axeSource)
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  const wrong = found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`)
  assert.deepEqual(wrong, [], `axe: ${name}`)
}

async function sizes(name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(wide <= 0, `${name}: ${wide} px too wide`)
}

async function picture(name) {
  await settled()
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: false })
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 390]) {
    await test(`looks right: ${colorScheme} ${width}`, async () => {
      await page.context().close()
      await visit({ colorScheme, viewport: { width, height: width === 390 ? 844 : 900 }, hasTouch: width === 390 })
      for (const view of width === 390 ? ['list', 'day', 'team'] : ['week', 'day', 'team', 'list']) {
        await page.click(`[data-view="${view}"]`)
        await settled()
        await sizes(`${view} ${width}`)
        await axe(`${view} ${colorScheme} ${width}`)
        await picture(`calendar-${view}-${width}-${colorScheme}`)
      }
      await page.click(`[data-view="${width === 390 ? 'list' : 'week'}"]`)
      await page.locator('.ec-event', { hasText: '10:00–11:00' }).first().click()
      await page.waitForSelector('#session-dialog[open]')
      await axe('session dialog')
      const columns = await page.$$eval('#session-when > .field:not([hidden])', (fields) => new Set(fields.map((field) => field.getBoundingClientRect().left)).size)
      assert.equal(columns === 1, width === 390, `${columns} columns`)
      await picture(`calendar-session-${width}-${colorScheme}`)
      await page.click('#session-dialog [data-close]')
      await page.click('#calendar-book')
      await page.fill('#book-query', 'ros')
      await page.locator('#book-results button').first().waitFor()
      await axe('book dialog')
      await sizes(`book ${width}`)
      await picture(`calendar-book-${width}-${colorScheme}`)
      await page.click('#book-dialog [data-close]')
      await page.click('#calendar-off')
      await axe('time off dialog')
      await picture(`calendar-off-${width}-${colorScheme}`)
      await page.click('#off-dialog [data-close]')
    })
  }
}

await test('in Spanish', async () => {
  await page.context().close()
  await visit({ locale: 'es-ES' })
  await page.click('[data-view="week"]')
  await settled()
  const shown = await page.innerText('main')
  for (const word of ['Semana', 'Equipo', 'Nueva sesión', 'primera visita', 'tiempo libre']) assert.match(shown, new RegExp(word, 'i'))
  await sizes('Spanish')
  await picture('calendar-week-1280-es')
})

await test('without JavaScript: the week as a table', async () => {
  await page.context().close()
  await visit({ javaScriptEnabled: false })
  const text = await page.innerText('main')
  assert.match(text, /Rosa Delgado/)
  assert.match(text, /Dentist/)
  assert.equal(await page.locator('#calendar-tools').isVisible(), false)
  assert.ok(await page.locator('#calendar-plain a[href^="/staff/bookings/"]').count() >= 5)
  await picture('calendar-plain-1280')
  await page.click('#calendar-after')
  assert.match(page.url(), /day=/)
})

await test('nothing in the console: no refused style, no refused script', async () => {
  assert.deepEqual(complaints, [])
})

await browser.close()
await test('the data is sound', async () => {
  const checked = server.run(['check'])
  assert.equal(checked.code, 0, checked.stdout + checked.stderr)
})
await server.stop()
server.remove()
fs.rmSync(work, { recursive: true, force: true })
console.log(`calendar in the browser: ${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
