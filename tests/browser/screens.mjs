// Pictures of every page, to look at: 390 and 1280 px, light and dark, in build-test/shots/.
//
//   node tests/browser/screens.mjs [URL [WORD ...]]
//
// Without a URL a demonstration is started (BALM=path/to/balm) and ended again. URL is that of a running
// `balm demo`; WORDs choose pages by a part of their name ("public", "staff-clients").
import fs from 'node:fs'
import { begin, pagesFrom, shot, shotsFolder, signIn, startDemo } from './browser.mjs'

const [, , given, ...words] = process.argv
const t = await begin()
const demo = given && given !== '-' ? null : await startDemo({ clock: process.env.CLOCK ?? '2026-03-03T15:30:00Z' })
const base = given && given !== '-' ? given.replace(/\/$/, '') : demo.url
const owner = demo?.signIns.owner ?? { email: 'ana@balancedbody.example', password: 'calm-hands-ana' }
const wanted = (name) => !words.length || words.some((word) => name.includes(word))
fs.mkdirSync(shotsFolder, { recursive: true })

const visit = await t.open({ device: 'desktop', locale: 'en-US', timezone: process.env.TZ_SHOTS ?? 'America/New_York' })
const { page } = visit
let taken = 0

async function take(name) {
  if (!wanted(name)) return
  for (const [width, height] of [[390, 844], [1280, 900]]) {
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await shot(page, `${name}-${width}-${colorScheme}`)
      taken++
    }
  }
}

const names = new Map()
function nameOf(prefix, kind) {
  const plain = `${prefix}${kind.replace(/[^a-z0-9]+/gi, '-').replace(/-$/, '')}` || prefix
  const n = (names.get(plain) ?? 0) + 1
  names.set(plain, n)
  return n > 1 ? `${plain}-${n}` : plain
}

async function publicPages() {
  for await (const { kind } of pagesFrom(page, base, ['/', '/services', '/privacy', '/book'])) {
    if (!kind.startsWith('/staff')) await take(nameOf('public', kind === '/' ? '-home' : kind))
  }
  await page.goto(`${base}/nowhere`)
  await take('public-not-found')
  await page.goto(`${base}/book/relief-60`)
  await page.getByRole('link', { name: 'Week after' }).click()
  await page.locator('section button[name=start]').last().click()
  await page.waitForURL(/\/details\?/)
  await take('public-book-details')
  await page.locator('form.form').evaluate((form) => { form.noValidate = true })
  await page.locator('#email').fill('rosa at mail')
  await page.locator('form.form button[type=submit]').click()
  await page.locator('#name-error').waitFor()
  await take('public-book-details-mistakes')
  await page.locator('#name').fill('Rosa Delgado')
  await page.locator('#email').fill(`rosa${Date.now()}@mail.example`)
  await page.locator('form.form button[type=submit]').click()
  await page.waitForURL(/new=1/)
  await take('public-booked')
  const link = page.url().replace(/\?.*/, '')
  for (const place of ['', '/move', '/cancel']) {
    await page.goto(link + place)
    await take(`public-manage${place.replace('/', '-')}`)
  }
  await page.locator('button.grave').click()
  await page.getByText('Your session is cancelled.').waitFor()
  await take('public-cancelled')
  await page.goto(`${base}/book/relief-60?day=2026-03-18&tz=Europe/Rome`)
  await take('public-book-two-zones')

  // Somebody was faster.
  await page.goto(`${base}/book/focus-30`)
  const button = page.locator('section button[name=start]').last()
  const start = await button.getAttribute('value')
  for (const therapist of ['ana', 'tomas']) {
    await fetch(`${base}/api/v1/bookings`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ service: 'focus-30', start, therapist, client: { name: 'Somebody Else', email: 'else@mail.example' } }) })
  }
  await button.click()
  await page.getByRole('alert').waitFor()
  await take('public-book-taken')
}

async function staffPages() {
  await page.goto(`${base}/staff/sign-in`)
  await take('staff-sign-in')
  await signIn(page, base, owner)
  const first = ['/staff', '/staff?who=all', '/staff/calendar', '/staff/clients', '/staff/messages', '/staff/settings', '/staff/account', '/staff/book', '/staff/why']
  for await (const { kind } of pagesFrom(page, base, first)) {
    if (!kind.startsWith('/staff')) continue
    if (kind === '/staff/calendar') await page.locator('.ec-event').first().waitFor()
    await take(nameOf('', kind).replace(/^-/, ''))
  }
}

if (!words.length || words.some((word) => word.startsWith('public'))) await publicPages()
if (!words.length || words.some((word) => !word.startsWith('public'))) await staffPages()
if (visit.faults.length) console.log(visit.faults)
await visit.context.close()
await t.browser.close()
await demo?.stop()
console.log(`${taken} pictures`)
process.exit(0)
