// The loop from session to session, as a client walks it on a phone: the evening's letter → how I am → my
// chart → the suggested window → a session booked in it; and the owner sees all of it. Nothing is booked by itself.
//
//   BALM=path/to/balm node tests/browser/loop.test.mjs
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { begin, lettersTo, signIn, startDemo, tooWide, until } from './browser.mjs'

// Tuesday, seconds before eight in the evening in New York, when the letters go out.
const clock = '2026-11-25T00:59:45Z'
const MAIL = 'rosa@mail.example'
const t = await begin()
const demo = await startDemo({ clock })
t.log = demo.log
const ask = (sql) => {
  const done = spawnSync('sqlite3', ['-readonly', '-json', path.join(demo.dir, 'balm.db'), sql], { encoding: 'utf8' })
  return done.stdout.trim() ? JSON.parse(done.stdout) : []
}
const bookings = () => ask(`SELECT count(*) AS n FROM booking b JOIN client c USING (practice_id, client_id) WHERE c.email = '${MAIL}'`)[0].n

await t.part('from the letter to the next session', async () => {
  const letter = await until('the evening letter', () => lettersTo(demo, MAIL).find((l) => /\/c\/[\w-]{27}/.test(l.text)))
  t.check('the letter can be stopped in one tap', /List-Unsubscribe-Post: List-Unsubscribe=One-Click/.test(letter.source))
  t.check('the letter holds no figure of anybody’s health', !/\b\d+\s*(\/|of|out of)\s*10\b/.test(letter.text))
  const had = bookings()

  const visit = await t.open({ device: 'phone' })
  const { page } = visit
  await page.goto(demo.url + /\/c\/[\w-]{27}/.exec(letter.text)[0]) // the letter's address has no port: nobody chose one
  await page.locator('label').filter({ hasText: /^4$/ }).first().tap()
  await page.getByRole('button', { name: 'Save' }).tap()
  await page.waitForURL(/\/thanks/)
  t.check('what was said stands there', /Pain\s*4/.test(await page.locator('main, body').first().innerText()))
  const [entry] = ask('SELECT spontaneous, prompt_id IS NOT NULL AS asked FROM checkin ORDER BY checkin_id DESC LIMIT 1')
  t.equal('it answers the letter’s question', entry, { spontaneous: 0, asked: 1 })

  await page.getByRole('button', { name: 'My page' }).tap()
  await page.waitForURL(/\/my$/)
  t.check('the chart is there', await page.locator('svg[role=img]:visible').count() > 0)
  t.check('it says that relief lasts beyond the day', /clearly lower beyond that day|stays lower|lasts/i.test(await page.locator('main').innerText()))
  t.check('it fits the phone', (await tooWide(page)).length === 0)
  t.check('a window is suggested', /Suggested for your next session/.test(await page.locator('main').innerText()))
  t.equal('nothing is booked by itself', bookings(), had)

  await page.getByRole('link', { name: 'See free times on these days' }).tap()
  await page.waitForURL(/\/book\//)
  t.check('the booking page names the window', /Suggested for you/.test(await page.locator('main').innerText()))
  t.check('and marks days of it in words', await page.locator('[aria-label*="uggested"], .hide:has-text("uggested")').count() > 0)
  await page.locator('section button[name=start]').first().tap()
  await page.waitForURL(/\/details\?/)
  await page.getByLabel('Your name').fill('Rosa Delgado')
  await page.getByLabel('E-mail').fill(MAIL)
  await page.getByRole('button', { name: 'Book this session' }).tap()
  await page.waitForURL(/\/b\//)
  t.equal('one session was booked, by her', bookings(), had + 1)

  await page.goto(`${demo.url}/my`)
  t.check('now her page says when it is, and suggests nothing more',
    /Your next session is on/.test(await page.locator('main').innerText()))
})

await t.part('what the therapist sees', async () => {
  const visit = await t.open({ device: 'desktop' })
  const { page } = visit
  await signIn(page, demo.url, { email: 'ana@balancedbody.example', password: 'calm-hands-ana' })
  await page.goto(`${demo.url}/staff`)
  t.check('who was worse after the last session stands first on Today', /Samuel Castellanos/.test(await page.locator('main').innerText()))
  const [{ id }] = ask(`SELECT client_id AS id FROM client WHERE email = '${MAIL}'`)
  await page.goto(`${demo.url}/staff/clients/${id}/progress`)
  t.check('the chart is there', await page.locator('svg[role=img]:visible').count() > 0)
  t.check('with its numbers', /90 ?%/.test(await page.locator('main').innerText()))
})

await demo.stop?.()
await t.end()
