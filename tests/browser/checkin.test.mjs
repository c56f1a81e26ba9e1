// Check-ins as clients meet them: on a phone by touch, by keyboard alone, without JavaScript, without a
// connection; around a session; and what axe says of every page, light and dark.
//
//   BALM=path/to/balm node tests/browser/checkin.test.mjs      (ONLY=words: only the parts so named)
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { balmPath, start } from '../http/server.mjs'
import { begin, bookByApi, devices, lettersTo, signIn, tabTo, tooSmall, tooWide, until } from './browser.mjs'

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const MAIL = 'mara@mail.example'
const ACTIVITY = 'climbing the lighthouse stairs'
const OWNER = { email: 'owner@harbour.example', password: 'a long enough password' }

const t = await begin()
const seed = (server, clock, ...args) => {
  const program = path.join(path.dirname(balmPath()), '../tests/http/care_seed')
  const done = spawnSync(program, [server.db, ...args], { env: { ...process.env, BALM_CLOCK: clock }, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(done.stderr)
}

let server = await start({ clock: '2026-03-02T12:00:00Z' })
server.run(['user', 'add', OWNER.email, '--practice', 'harbour-hands', '--role', 'owner'], `${OWNER.password}\n`)
await bookByApi(server, { service: 'relief-60', start: '2026-03-03T10:00:00-05:00', name: 'Mara Voss', email: MAIL })
await server.stop()
seed(server, '2026-03-02T12:00:00Z', MAIL, '7', 'tension,sleep_hours', ACTIVITY)
server = await start({ dir: server.dir, clock: '2026-03-03T00:59:58Z' })
t.log = () => server.log.join('\n')

const letter = await until('the letter', () => lettersTo(server, MAIL).find((l) => /\/c\/[A-Za-z0-9_-]{27}/.test(l.text ?? '')))
const token = /\/c\/([A-Za-z0-9_-]{27})/.exec(letter.text)[1]
const link = () => `${server.url}/c/${token}`
const entries = () => {
  const done = spawnSync('sqlite3', ['-readonly', '-json', path.join(server.dir, 'balm.db'), 'SELECT at_us AS at, kind, entry_key AS key FROM checkin ORDER BY checkin_id'], { encoding: 'utf8' })
  return done.stdout.trim() ? JSON.parse(done.stdout) : []
}
const number = (page, n, name = 'pain') => page.locator(`input[name=${name}][value="${n}"]`)
const looks = [
  { name: 'phone light', viewport: devices.phone.viewport, colorScheme: 'light' },
  { name: 'phone dark', viewport: devices.phone.viewport, colorScheme: 'dark' },
  { name: 'desk light', viewport: devices.desktop.viewport, colorScheme: 'light' },
  { name: 'desk dark', viewport: devices.desktop.viewport, colorScheme: 'dark' },
]

/** Axe, what sticks out and what is too small to touch, in all four looks. */
async function look(page, name) {
  const found = []
  for (const variant of looks) {
    await page.setViewportSize(variant.viewport)
    await page.emulateMedia({ colorScheme: variant.colorScheme, reducedMotion: 'reduce' })
    await page.evaluate(() => document.fonts.ready.then(() => undefined))
    if (!await page.evaluate(() => Boolean(globalThis.axe))) await page.evaluate(axeSource)
    const violations = await page.evaluate(async () => {
      for (const animation of document.getAnimations()) animation.finish()
      const { violations: all } = await globalThis.axe.run(document, { resultTypes: ['violations'] })
      return all.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`)
    })
    for (const fault of [...violations, ...await tooWide(page), ...await tooSmall(page, 'main')]) found.push(`${variant.name}: ${fault}`)
  }
  await page.setViewportSize(devices.phone.viewport)
  await page.emulateMedia({ colorScheme: 'light' })
  t.check(`${name}: axe, width, targets of 44 px`, found.length === 0, found)
}

await t.part('ten seconds on a phone', async () => {
  const visit = await t.open({ device: 'phone' })
  const { page } = visit
  await page.goto(link())
  t.check('the heading asks', await page.getByRole('heading', { level: 1, name: 'How strong is your pain right now?' }).isVisible())
  t.equal('targets of 44 px', await tooSmall(page, 'main'), [])
  t.check('the button is seen without scrolling', await page.getByRole('button', { name: 'Save' }).isVisible() &&
    await page.getByRole('button', { name: 'Save' }).evaluate((b) => b.getBoundingClientRect().bottom <= innerHeight))
  await visit.tap(page.locator('label', { has: number(page, 6) }))
  await visit.tapTo(page.getByRole('button', { name: 'Save' }), /\/thanks\?e=1$/)
  t.equal('two taps', visit.taps, 2)
  t.check('it says what was noted', /Pain\s*6/.test(await page.locator('.said').innerText()))
  t.check('activities stand by their names', await page.goto(link()).then(() => page.getByText(ACTIVITY).isVisible()))
})

await t.part('by keyboard alone', async () => {
  const visit = await t.open({ device: 'desktop' })
  const { page } = visit
  await page.goto(link())
  await tabTo(t, page, number(page, 0), 'the scale')
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
  t.check('arrows choose', await number(page, 4).isChecked())
  await tabTo(t, page, page.getByRole('button', { name: 'Save' }), 'the button')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/thanks/)
  await tabTo(t, page, page.getByRole('link', { name: 'Change it' }), 'the way to change it')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/entries\//)
  t.check('the answer stands there', await number(page, 4).isChecked())
  await tabTo(t, page, page.getByRole('button', { name: /mistake/ }), 'the mistake')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/thanks/)
  t.check('it is taken back', await page.getByRole('heading', { name: 'Taken back' }).isVisible())
})

await t.part('without JavaScript', async () => {
  const visit = await t.open({ device: 'phone', js: false, locale: 'es-MX' })
  const { page } = visit
  await page.goto(link())
  await page.locator('label', { has: number(page, 7) }).tap()
  await page.locator('#sleep_hours').selectOption('6.50')
  await page.getByRole('button', { name: 'Guardar' }).tap()
  await page.waitForURL(/\/thanks/)
  t.check('noted, in Spanish', /Dolor\s*7/.test(await page.locator('.said').innerText()))
  await page.getByRole('link', { name: 'Menos a menudo' }).tap()
  await page.waitForURL(/\/rhythm$/)
  await page.getByRole('button', { name: 'Dos veces por semana' }).tap()
  await page.waitForURL(/saved=1/)
  t.check('the rhythm is another', await page.getByText('Ahora: 2 tardes por semana').isVisible())
})

await t.part('every page is for everybody', async () => {
  const visit = await t.open({ device: 'phone' })
  const { page } = visit
  await page.goto(link())
  await look(page, 'the question')
  await page.locator('form.questions').evaluate((form) => { form.noValidate = true })
  await page.locator('label', { has: number(page, 3, 'tension') }).tap()
  await page.evaluate(() => HTMLFormElement.prototype.submit.call(document.querySelector('form.questions')))
  await page.getByText('Nothing is noted yet').waitFor()
  t.check('what was chosen stays', await number(page, 3, 'tension').isChecked())
  await look(page, 'the question with a mistake')
  for (const [place, name] of [['/thanks?e=1', 'thanks'], ['/entries/1', 'a change'], ['/rhythm', 'the rhythm'], ['/stop', 'stop']]) {
    await page.goto(link() + place)
    await look(page, name)
  }
  visit.expected = (response) => response.url().endsWith('x'.repeat(27)) // asked by the worker
  await page.goto(`${server.url}/c/${'x'.repeat(27)}`)
  await look(page, 'a link that has ended')
  await page.goto(`${server.url}/c/shell`)
  await look(page, 'the page for offline')
})

/** Everything that the browser keeps for this site, as text. */
const kept = (page) => page.evaluate(async () => {
  const all = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie]
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => { const open = indexedDB.open(name); open.onsuccess = () => done(open.result) })
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((done) => { const got = db.transaction(store).objectStore(store).getAll(); got.onsuccess = () => done(got.result) })
      all.push(...rows.map((row) => `${store}: ${JSON.stringify(row)}`))
    }
    db.close()
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      const text = request.url.includes('/static/') ? '' : await (await cache.match(request)).text()
      all.push(`${request.url} ${text}`)
    }
  }
  return all
})
const ready = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
const shellKept = (page) => until('the page for offline is kept', () => page.evaluate(async () => Boolean(await caches.match('/c/shell?lang=en'))))
const says = (page, what) => page.locator(`[data-say=${what}]`).waitFor()

await t.part('an answer without a connection', async () => {
  const visit = await t.open({ device: 'phone' })
  const { page, context } = visit
  await page.clock.setFixedTime('2026-03-03T00:50:00Z')
  await page.goto(link())
  await ready(page)
  await shellKept(page)
  const before = entries()
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Save' }).tap().catch(() => {})
  await page.locator('label', { has: number(page, 8) }).tap()
  await page.locator('label', { has: number(page, 5, 'tension') }).tap()
  await page.getByRole('button', { name: 'Save' }).tap()
  await says(page, 'kept')
  t.check('the form is empty again', !await number(page, 8).isChecked())
  const stores = await kept(page)
  const envelopes = stores.filter((line) => line.startsWith('envelopes: '))
  t.equal('one envelope waits', envelopes.length, 1)
  const pages = stores.filter((line) => /^http/.test(line))
  t.check('no page is kept but the one that is everybody’s', pages.length > 0 && pages.every((line) => /^http:[^ ]+(\/c\/shell\?lang=|\/static\/)/.test(line)), pages.map((line) => line.slice(0, 80)))
  const readable = stores.filter((line) => [token, 'lighthouse', 'Mara', 'checked'].some((word) => line.includes(word)) || (!pages.includes(line) && /pain|tension/.test(line)))
  t.equal('nothing that is kept can be read', readable, [])
  t.equal('nothing arrived yet', entries().length, before.length)
  await context.setOffline(false)
  await says(page, 'sent')
  const after = entries()
  t.equal('it arrived once', after.length, before.length + 1)
  t.equal('with its time', after.at(-1).at, Date.parse('2026-03-03T00:50:00Z') * 1000)
  t.equal('and is forgotten here', (await kept(page)).filter((line) => line.startsWith('envelopes: ')), [])
  await page.reload()
  t.equal('nothing is sent a second time', entries().length, after.length)
  visit.faults.length = 0 // the browser's own words about being offline
})

await t.part('the link opened without a connection', async () => {
  const visit = await t.open({ device: 'phone' })
  const { page, context } = visit
  await page.clock.setFixedTime('2026-03-03T00:55:00Z')
  await page.goto(link())
  await ready(page)
  await shellKept(page)
  await context.setOffline(true)
  await page.goto(link())
  t.check('a page is there', await page.getByText('Without a connection we ask for your pain alone.').isVisible())
  t.check('and looks as it should', await page.locator('.scale').first().evaluate((e) => getComputedStyle(e).display === 'grid'))
  t.equal('it asks for pain alone', await page.locator('fieldset').count(), 1)
  await page.getByRole('button', { name: 'Save' }).tap()
  t.check('nothing chosen: the browser or the page says so', await page.locator('[data-say=kept]').isHidden())
  await page.locator('label', { has: number(page, 9) }).tap()
  await page.getByRole('button', { name: 'Save' }).tap()
  await says(page, 'kept')
  t.check('no token is kept', (await kept(page)).every((line) => !line.includes(token)))
  const before = entries()
  await page.close()
  await context.setOffline(false)
  const later = await context.newPage()
  await later.clock.setFixedTime('2026-03-03T01:10:00Z')
  await later.goto(link())
  await until('the answer', () => entries().length > before.length)
  t.equal('it arrived with its time', entries().at(-1).at, Date.parse('2026-03-03T00:55:00Z') * 1000)
  await until('it is forgotten', async () => (await kept(later)).every((line) => !line.startsWith('envelopes: ')))
  t.equal('once', entries().length, before.length + 1)
  visit.faults.length = 0
})

await t.part('a browser that cannot seal', async () => {
  const visit = await t.open({ device: 'phone' })
  const { page, context } = visit
  await page.addInitScript(() => {
    const make = SubtleCrypto.prototype.generateKey
    SubtleCrypto.prototype.generateKey = function generateKey(algorithm, ...rest) {
      return (algorithm.name ?? algorithm) === 'X25519' ? Promise.reject(new DOMException('no', 'NotSupportedError')) : make.call(this, algorithm, ...rest)
    }
  })
  await page.goto(link())
  await context.setOffline(true)
  await page.locator('label', { has: number(page, 5) }).tap()
  await page.getByRole('button', { name: 'Save' }).tap()
  await says(page, 'unable')
  t.check('the form stays filled in', await number(page, 5).isChecked())
  t.equal('nothing is kept', (await kept(page)).filter((line) => line.startsWith('envelopes: ')), [])
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Save' }).tap()
  await page.waitForURL(/\/thanks/)
  t.check('and is sent when it can be', /Pain\s*5/.test(await page.locator('.said').innerText()))
  visit.faults.length = 0
})

await t.part('around a session', async () => {
  await server.stop()
  server = await start({ dir: server.dir, clock: '2026-03-03T14:50:00Z' })
  const staff = await t.open({ device: 'phone' })
  await signIn(staff.page, server.url, OWNER)
  await staff.page.goto(`${server.url}/staff/bookings/1`)
  await staff.page.getByRole('button', { name: 'Let the client rate' }).click()
  await staff.page.waitForURL(/\/rating$/)
  await look(staff.page, 'handing over')
  const box = await staff.page.locator('svg.qr').boundingBox()
  t.check('the code is large enough for a camera', box.width >= 200 && box.height >= 200, box)
  const address = await staff.page.getByRole('link', { name: 'Open on this device' }).getAttribute('href')
  const tablet = await t.open({ device: 'phone' })
  const { page } = tablet
  await page.goto(server.url + address)
  await look(page, 'before a session')
  await page.locator('label', { has: number(page, 6) }).tap()
  await page.getByRole('button', { name: 'Save' }).tap()
  await page.getByRole('heading', { name: 'You can give the tablet back' }).waitFor()
  t.equal('no way leads on', await page.locator('main a').count(), 0)
  await page.goBack().catch(() => null)
  t.equal('going back shows no number', await page.locator('input:checked').count(), 0)
  await page.goto(server.url + address)
  t.equal('nothing is kept on the tablet', await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length)), 0)
  await look(page, 'the tablet given back')
})

t.equal('the server ends well', (await server.stop()).code, 0)
server.remove()
await t.end()
