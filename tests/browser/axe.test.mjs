// axe finds nothing to complain of on any page, public or staff, and nothing sticks out sideways: on a
// phone and on a desk, light and dark, in the states that matter (mistakes, nothing there yet, dialogs).
//
//   BALM=path/to/balm node tests/browser/axe.test.mjs
//
// The pages are found by following the links of the running site, one or two of each kind; a page that
// nobody links to is visited by its name below. What must be found at least is listed, so that a page
// cannot slip out of the test.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { start } from '../http/server.mjs'
import { begin, kindOf, pagesFrom, signIn, slots, startDemo, tooWide } from './browser.mjs'

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const CLOCK = '2026-03-03T15:30:00Z' // a Tuesday, half past ten in New York: the day is under way

const t = await begin()
const seen = new Set() // kinds of pages

const variants = [
  { name: 'phone light', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { name: 'phone dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  { name: 'desk dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  { name: 'desk light', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
]

/** Runs axe on the page as it stands, in all four looks: what it complains of. */
async function faults(page) {
  const found = []
  for (const variant of variants) {
    await page.setViewportSize(variant.viewport)
    await page.emulateMedia({ colorScheme: variant.colorScheme, reducedMotion: 'reduce' })
    await page.evaluate(() => document.fonts.ready.then(() => undefined))
    if (!await page.evaluate(() => Boolean(globalThis.axe))) await page.evaluate(axeSource)
    const violations = await page.evaluate(async () => {
      // A transition under way would have its colours judged half-way.
      for (const animation of document.getAnimations()) animation.finish()
      const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] })
      return violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.any.concat(n.all, n.none).map((c) => c.message).slice(0, 1).join()}`).join(' | ')}`)
    })
    for (const violation of violations) found.push(`${variant.name}: ${violation}`)
    for (const name of await tooWide(page)) found.push(`${variant.name}: sticks out sideways: ${name}`)
  }
  return found
}

async function look(page, name) {
  const found = await faults(page)
  t.check(`axe: ${name}`, found.length === 0, found)
}

/** Looks at every kind of page that links lead to. */
async function crawl(page, base, addresses, label) {
  for await (const { address, kind, status } of pagesFrom(page, base, addresses)) {
    if (status !== 200) {
      t.check(`${label}: ${kind} answers`, false, `${status} ${address}`)
      continue
    }
    seen.add(kind)
    await look(page, `${label}: ${address}`)
  }
}

const newPage = async (options) => (await t.open({ device: 'desktop', ...options })).page

await t.part('axe itself', async () => {
  const page = await newPage()
  await page.setContent('<html lang="en"><title>x</title><main><h1>Hello there</h1><p class="pale">Words that are hard to read.</p><style>.pale { color: #888; background: #fff } @media (prefers-color-scheme: dark) { .pale { color: #444 } }</style></main>')
  const found = await faults(page)
  t.check('finds what is wrong in light only', found.length === 2 && found.every((f) => /light: color-contrast/.test(f)), found)
})

// ---- a practice with life in it ----

const demo = await startDemo({ clock: CLOCK })
t.log = demo.log

await t.part('public pages', async () => {
  const page = await newPage()
  await crawl(page, demo.url, ['/', '/services', '/privacy', '/book'], 'public')
  for (const address of ['/?lang=es', '/book?lang=es', '/services?lang=es', '/privacy?lang=es', '/learn?lang=es', '/learn/lactic-acid?lang=es']) {
    await page.goto(demo.url + address)
    await look(page, `public: ${address}`)
  }
  await page.goto(`${demo.url}/nowhere?lang=en`)
  await look(page, 'public: a page that is not there')
  await page.goto(`${demo.url}/b/${'A'.repeat(27)}`)
  await look(page, 'public: a link that is not known')
})

await t.part('the states of booking', async () => {
  const page = await newPage({ timezone: 'Europe/Rome', locale: 'en-US' })
  await page.goto(`${demo.url}/book/relief-60?day=2026-03-18`)
  await page.getByText('Your device is on Rome time').waitFor()
  await look(page, 'times with two zones')
  await page.locator('a.more').click()
  await page.waitForURL(/month=2026-03&day=2026-03-18/)
  await look(page, 'the month stands open')
  await page.locator('section button[name=start]').first().click()
  await page.waitForURL(/\/details\?/)
  await look(page, 'details, the time is kept')
  await page.locator('form.form').evaluate((form) => { form.noValidate = true })
  await page.locator('#email').fill('nobody at all')
  await page.locator('#phone').fill('call me')
  await page.locator('form.form button[type=submit]').click()
  await page.locator('#name-error').waitFor()
  await look(page, 'details with mistakes')
  await page.getByRole('button', { name: 'I need a little longer' }).click()
  await page.getByText('We keep this time for you a little longer.').waitFor()
  await look(page, 'details, kept longer')
  const details = page.url()
  await page.locator('#name').fill('Rosa Delgado')
  await page.locator('#email').fill('rosa@mail.example')
  await page.locator('#phone').fill('')
  await page.locator('form.form button[type=submit]').click()
  await page.waitForURL(/new=1/)
  await look(page, 'booked')
  const token = page.url().match(/\/b\/([^/?]+)/)[1]
  t.check('the form had another address than the ticket', details !== page.url())

  // The time of somebody who was faster.
  const stale = await newPage()
  await stale.goto(`${demo.url}/book/focus-30?day=2026-03-10`)
  const button = stale.locator('section button[name=start]').nth(1)
  const wanted = await button.getAttribute('value')
  let takers = 0
  for (const slot of await slots(demo, 'focus-30', '2026-03-10')) {
    if (new Date(slot.start).getTime() !== new Date(wanted).getTime()) continue
    for (const therapist of slot.therapists) {
      const made = await fetch(`${demo.url}/api/v1/bookings`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ service: 'focus-30', start: wanted, therapist, client: { name: 'Somebody Else', email: 'else@mail.example' } }) })
      if (made.status === 201) takers++
    }
  }
  t.check('somebody was faster', takers > 0)
  await button.click()
  await stale.getByRole('alert').waitFor()
  await look(stale, 'somebody was faster')

  for (const place of ['', '/move', '/cancel']) {
    await page.goto(`${demo.url}/b/${token}${place}`)
    seen.add(kindOf(page.url()))
    await look(page, `the link${place}`)
  }
  await page.goto(`${demo.url}/b/${token}/cancel`)
  await page.locator('button.grave').click()
  await page.getByText('Your session is cancelled.').waitFor()
  await look(page, 'cancelled')
})

await t.part('staff pages', async () => {
  const page = await newPage()
  await page.goto(`${demo.url}/staff/sign-in`)
  await look(page, 'sign-in')
  await page.locator('input[type=email]').fill('ana@balancedbody.example')
  await page.locator('input[type=password]').fill('certainly not it')
  await page.locator('main form button').click()
  await page.locator('main [role=alert], main .error').first().waitFor()
  await look(page, 'sign-in refused')
  await signIn(page, demo.url, demo.signIns.owner)
  await crawl(page, demo.url, ['/staff', '/staff/calendar', '/staff/clients', '/staff/messages', '/staff/settings', '/staff/account', '/staff/book', '/staff/why'], 'owner')
  await page.goto(`${demo.url}/staff?lang=es`)
  await look(page, 'Today in Spanish')
})

await t.part('the states of staff pages', async () => {
  const page = await newPage()
  await signIn(page, demo.url, demo.signIns.owner)
  await page.goto(`${demo.url}/staff/clients?q=zzzz`)
  await look(page, 'no client of that name')
  await page.goto(`${demo.url}/staff/clients?q=ro`)
  await look(page, 'clients found')
  for (const address of ['/staff/settings/add-service', '/staff/settings/add-room', '/staff/settings/add-therapist', '/staff/settings/practice', '/staff/book']) {
    await page.goto(demo.url + address)
    await page.evaluate(() => {
      for (const form of document.querySelectorAll('main form')) form.noValidate = true
      for (const input of document.querySelectorAll('main form input:not([type=hidden], [type=checkbox])')) input.value = ''
    })
    await page.locator('main form .btn:not(.grave, .quiet)').first().click()
    await page.locator('main .error, main [role=alert]').first().waitFor()
    await look(page, `${address} with mistakes`)
  }
  await page.goto(`${demo.url}/staff/nowhere`)
  await look(page, 'a staff page that is not there')

  await page.goto(`${demo.url}/staff/learn/sleep?in=en`)
  await page.locator('#references').fill('Nobody')
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.locator('#preview').waitFor()
  await look(page, 'a Learn page previewed, with a mistake')
  const other = await newPage()
  await signIn(other, demo.url, demo.signIns.therapist)
  await other.goto(`${demo.url}/staff/learn/sleep?in=en`)
  await other.locator('#title').fill('Sleep, and nights after a session')
  await other.locator('.learn-form .btn:not(.quiet)').click()
  await other.getByText('Saved.').waitFor()
  await page.locator('#references').fill('Somebody A; 2001; J Test')
  await page.locator('.learn-form .btn:not(.quiet)').click()
  await page.getByText('Somebody saved this page meanwhile').waitFor()
  await look(page, 'a Learn page that somebody else saved')
  await page.goto(`${demo.url}/staff/learn/sleep/history?in=en&n=1`)
  await look(page, 'an earlier version of a Learn page')
})

await t.part('the calendar', async () => {
  const page = await newPage()
  await signIn(page, demo.url, demo.signIns.owner)
  await page.goto(`${demo.url}/staff/calendar`)
  const event = page.locator('.ec-event').first()
  await event.waitFor()
  await look(page, 'calendar, the day')
  await event.click()
  await page.locator('dialog[open]').waitFor()
  await look(page, 'calendar, a session’s card')
})

await t.part('what the others may see', async () => {
  for (const role of ['therapist', 'desk']) {
    const page = await newPage()
    await signIn(page, demo.url, demo.signIns[role])
    await look(page, `${role}: Today`)
    await page.goto(`${demo.url}/staff/settings/practice`)
    await look(page, `${role}: not allowed`)
  }
})

t.equal('the demonstration ends well', (await demo.stop()).code, 0)

// ---- a practice that has nothing yet ----

await t.part('nothing there yet', async () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'balm-practice-')), 'practice.json')
  fs.writeFileSync(file, JSON.stringify({ slug: 'empty', name: 'Not Yet Open', timezone: 'Europe/Rome', currency: 'EUR', locale: 'en-GB',
    email: 'hello@empty.example', phone: '+39 055 0100', address: 'Via Roma 1, Firenze', rooms: [], therapists: [], services: [] }))
  const server = await start({ clock: CLOCK, practice: file })
  fs.rmSync(path.dirname(file), { recursive: true })
  t.log = () => server.log.join('\n')
  const added = server.run(['user', 'add', 'owner@empty.example', '--practice', 'empty', '--role', 'owner'], 'a long enough password\n')
  t.equal('an account is made', added.code, 0)
  const page = await newPage()
  for (const address of ['/', '/services', '/book']) {
    await page.goto(server.url + address)
    await look(page, `empty: ${address}`)
  }
  await signIn(page, server.url, { email: 'owner@empty.example', password: 'a long enough password' })
  for (const address of ['/staff', '/staff/calendar', '/staff/clients', '/staff/messages', '/staff/settings']) {
    const response = await page.goto(server.url + address)
    t.equal(`empty: ${address} answers`, response.status(), 200)
    await look(page, `empty: ${address}`)
  }
  t.equal('the empty server ends well', (await server.stop()).code, 0)
  server.remove()
})

const wanted = ['/', '/services', '/privacy', '/learn', '/learn/:slug', '/book', '/book/:service',
  '/b/:token', '/b/:token/move', '/b/:token/cancel',
  '/staff/sign-in', '/staff', '/staff/calendar', '/staff/why', '/staff/book', '/staff/bookings/:id',
  '/staff/clients', '/staff/clients/:id', '/staff/clients/:id/merge', '/staff/messages', '/staff/learn', '/staff/learn/add', '/staff/learn/:slug', '/staff/learn/:slug/history', '/staff/account', '/staff/audit',
  '/staff/settings', '/staff/settings/practice', '/staff/settings/rules', '/staff/settings/file',
  '/staff/settings/therapists/:key', '/staff/settings/services/:key', '/staff/settings/rooms/:key',
  '/staff/settings/add-therapist', '/staff/settings/add-service', '/staff/settings/add-room',
  '/staff/settings/team', '/staff/settings/team/:id']
if (!process.env.ONLY) t.equal('every kind of page was looked at', wanted.filter((kind) => !seen.has(kind)), [])
console.log(`${seen.size} kinds of pages: ${[...seen].sort().join(' ')}`)
await t.end()
