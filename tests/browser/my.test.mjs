// The client's own page and the therapist's page of it in a browser: on a phone by touch, by keyboard alone,
// without JavaScript; what axe says of them, light and dark; values read off the chart.
//
//   BALM=path/to/balm node tests/browser/my.test.mjs      (ONLY=words: only the parts so named)
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { filledPractice, people } from '../http/care_browser.mjs'
import { start } from '../http/server.mjs'
import { begin, devices, signIn, tabTo, tooSmall, tooWide } from './browser.mjs'

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const CLOCK = '2026-03-03T15:30:00Z'

const t = await begin()
const { dir, links } = await filledPractice(CLOCK)
const server = await start({ dir, clock: CLOCK })
t.log = () => server.log.join('\n')
const looks = ['light', 'dark'].flatMap((colorScheme) => [devices.phone, devices.desktop].map(({ viewport }) => ({ colorScheme, viewport })))

/** Axe, what sticks out and what is too small to touch, in all four looks. */
async function look(page, name) {
  const found = []
  for (const { colorScheme, viewport } of looks) {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.evaluate(() => document.fonts.ready.then(() => undefined))
    if (!await page.evaluate(() => Boolean(globalThis.axe))) await page.evaluate(axeSource)
    const violations = await page.evaluate(async () => {
      for (const animation of document.getAnimations()) animation.finish()
      const { violations: all } = await globalThis.axe.run(document, { resultTypes: ['violations'] })
      return all.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`)
    })
    for (const fault of [...violations, ...await tooWide(page), ...await tooSmall(page, 'main', '.day-nav a')]) found.push(`${viewport.width} ${colorScheme}: ${fault}`)
  }
  t.check(`${name}: axe, width, targets of 44 px`, found.length === 0, found)
}

await t.part('every state of the page', async () => {
  for (const [words, link] of Object.entries(links)) {
    const { page } = await t.open({ device: 'phone' })
    await page.goto(server.url + link)
    t.check(`${words}: the link has left the address bar`, page.url() === `${server.url}/my`, page.url())
    await page.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = true }))
    await look(page, words)
  }
  const { page } = await t.open({ device: 'phone', locale: 'es-ES' })
  await page.goto(server.url + links['sessions help'])
  t.check('in Spanish', await page.getByRole('heading', { level: 1, name: 'Cómo va' }).isVisible())
  await look(page, 'in Spanish')
  await page.goto(`${server.url}/my/delete`)
  await look(page, 'the wish to be deleted')
})

await t.part('what stands across the page is as wide as the page', async () => {
  const { page } = await t.open({ device: 'desktop' })
  await signIn(page, server.url, { email: people.owner[0], password: people.owner[1] })
  await page.goto(`${server.url}/staff`)
  const widths = () => page.evaluate(() => Object.fromEntries(['.stack', '.notice.bad', '.gap', 'figure.chart']
    .map((what) => [what, Math.round(document.querySelector(`main ${what}`)?.getBoundingClientRect().width ?? 0)])))
  const today = await widths()
  t.check('Today: the notice and free time', today['.notice.bad'] === today['.stack'] && today['.gap'] === today['.stack'], JSON.stringify(today))
  await page.goto(server.url + await page.locator('.notice.bad a').first().getAttribute('href'))
  const progress = await widths()
  t.check('relief: the notice and the chart', progress['.notice.bad'] === progress['.stack'] && progress['figure.chart'] === progress['.stack'], JSON.stringify(progress))
})

await t.part('without a session', async () => {
  const { page } = await t.open({ device: 'phone' })
  await page.goto(`${server.url}/my`)
  await look(page, 'asking for the link')
  await page.getByLabel('Your e-mail address').fill('somebody@mail.example')
  await page.getByRole('button', { name: 'Send me my link' }).click()
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  await look(page, 'the link is on its way')
  await page.goto(`${server.url}/my/${'A'.repeat(27)}`)
  t.check('a link that has ended says so', await page.getByRole('heading', { name: 'This link works no longer' }).isVisible())
})

await t.part('one picture for each screen', async () => {
  const { page } = await t.open({ device: 'phone' })
  await page.goto(server.url + links['sessions help'])
  const shown = () => page.locator('figure svg.rc').evaluateAll((all) => all.filter((svg) => svg.checkVisibility()).map((svg) => svg.getBoundingClientRect().width))
  t.equal('on a phone', (await shown()).length, 1)
  t.check('its sentence stands below it', await page.locator('figcaption').isVisible())
  await page.setViewportSize(devices.desktop.viewport)
  t.equal('on a desk', (await shown()).length, 1)
})

await t.part('by keyboard alone', async () => {
  const { page } = await t.open({ device: 'desktop' })
  await page.goto(server.url + links['sessions help'])
  await tabTo(t, page, page.getByText('Show the numbers').first(), 'the numbers')
  await page.keyboard.press('Enter')
  t.check('the table opens', await page.getByRole('table').first().isVisible())
  await tabTo(t, page, page.getByRole('button', { name: 'Say how you are now' }), 'the check-in')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/c\/[\w-]{27}$/)
  t.check('it asks at once', await page.getByRole('heading', { level: 1 }).isVisible())
})

await t.part('without JavaScript', async () => {
  const { page } = await t.open({ device: 'phone', js: false })
  await page.goto(server.url + links['too little is known yet'])
  await page.getByLabel('How often').selectOption('1')
  await page.getByRole('button', { name: 'Save the rhythm' }).tap()
  await page.getByText('From now on we ask as you chose').waitFor()
  t.equal('the choice stands', await page.getByLabel('How often').inputValue(), '1')
  await page.getByRole('button', { name: 'Do not ask me any more' }).tap()
  await page.getByText('We will not ask any more').waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download everything (JSON)' }).tap()
  t.check('the file has a name that tells nobody who it is of', /^my-data-2026-03-03\.json$/.test((await download).suggestedFilename()))
  await page.getByRole('link', { name: 'Delete all that is known of me' }).tap()
  await page.getByRole('button', { name: 'Ask to delete everything' }).tap()
  await page.getByText('you asked us to delete everything').waitFor()
  await page.getByRole('button', { name: 'Leave this page' }).tap()
  await page.getByText('You have left your page').waitFor()
  await page.goBack()
  t.check('going back shows nothing of it', !(await page.content()).includes('What your ratings say'))
})

await t.part('suggested days in the calendar', async () => {
  const { page } = await t.open({ device: 'phone' })
  await page.goto(`${server.url}/book/relief-60?from=2026-03-10&to=2026-03-12`)
  await page.getByText('Suggested for you: between Tuesday, March 10 and Thursday, March 12').waitFor()
  t.equal('three days are marked', await page.locator('.days .day.suggested').count(), 3)
  t.check('in words too', /suggested/.test(await page.locator('.days .day.suggested').first().innerText()))
  await look(page, 'suggested days')
  await page.locator('.days a.day').last().tap()
  await page.waitForURL(/day=2026-03-13/)
  t.equal('they stay marked', await page.locator('.days .day.suggested').count(), 3)
  for (const wrong of ['from=2026-03-12&to=2026-03-10', 'from=2026-02-30&to=2026-03-10', 'from=2026-03-10', 'from=2026-03-10&to=2026-08-10', 'from=%22%3E&to=x']) {
    await page.goto(`${server.url}/book/relief-60?${wrong}`)
    t.equal(`nothing is suggested by ${wrong}`, await page.locator('.suggested').count(), 0)
  }
})

await t.part('the therapist’s pages', async () => {
  const { page } = await t.open({ device: 'desktop' })
  await signIn(page, server.url, { email: people.owner[0], password: people.owner[1] })
  await page.goto(`${server.url}/staff`)
  await look(page, 'Today with what comes first')
  await page.getByRole('link', { name: /./ }).and(page.locator('.notice.bad a')).first().click()
  await page.waitForURL(/\/progress$/)
  await look(page, 'worse after a session')
  for (let id = 1; id <= Object.keys(links).length; id++) {
    await page.goto(`${server.url}/staff/clients/${id}/progress`)
    await page.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = true }))
    await look(page, `the relief of client ${id}`)
  }
  for (const part of ['plan', 'erase']) {
    await page.goto(`${server.url}/staff/clients/2/${part}`)
    await look(page, part)
  }
  await page.getByLabel(/To confirm, type the name/).fill('nobody')
  await page.getByRole('button', { name: 'Delete everything' }).click()
  await page.locator('#confirm-error').waitFor()
  await look(page, 'a name that differs')
})

await server.stop()
fs.rmSync(dir, { recursive: true, force: true })
await t.end()
