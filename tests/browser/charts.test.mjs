// Charts as tests/look/charts.c draws them: values read off by finger, mouse and keyboard, nothing lost
// without the script, the right picture for the screen, axe without a complaint.
//
//   BALM=path/to/balm node tests/browser/charts.test.mjs
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { balmPath } from '../http/server.mjs'
import { begin, tooWide } from './browser.mjs'

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const look = path.resolve(path.dirname(balmPath()), '../tests/look/look_charts')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'balm-charts-'))
const drawn = spawnSync(look, [folder], { stdio: 'inherit' })
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }
const server = http.createServer((request, response) => {
  const file = path.join(folder, path.normalize(new URL(request.url, 'http://x').pathname))
  const found = fs.existsSync(file) && fs.statSync(file).isFile()
  response.writeHead(found ? 200 : request.url === '/favicon.ico' ? 204 : 404, {
    'Content-Type': types[path.extname(file)] ?? 'text/plain',
    // a picture that stands alone carries its style; pages may not
    ...(path.extname(file) === '.svg' ? {} : { 'Content-Security-Policy': "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'" }),
  })
  response.end(found ? fs.readFileSync(file) : '')
})
await new Promise((done) => server.listen(0, '127.0.0.1', done))
const base = `http://127.0.0.1:${server.address().port}`
const t = await begin()
t.check('the pages are drawn', drawn.status === 0)

await t.part('keyboard', async () => {
  const { page } = await t.open({ device: 'desktop' })
  await page.goto(`${base}/client.html`)
  const chart = page.locator('svg.rc-wide')
  t.check('a desk shows the wide picture', await chart.isVisible())
  t.check('and not the narrow one', !(await page.locator('svg.rc-narrow').isVisible()))
  await page.keyboard.press('Tab')
  t.check('Tab reaches the chart', await chart.evaluate((e) => e === document.activeElement))
  await page.keyboard.press('ArrowRight')
  const first = await chart.locator('.rc-tip-text').textContent()
  t.check('the first value has its day', /^\w{3}, Jan 6, .*: 7, check-in$/.test(first), first)
  t.equal('it is spoken', await page.locator('p[aria-live]').last().textContent(), first)
  await page.keyboard.press('End')
  const last = await chart.locator('.rc-tip-text').textContent()
  t.check('End goes to the last value', last !== first && /Mar 2\d/.test(last), last)
  await page.keyboard.press('ArrowRight')
  t.equal('beyond it is nothing', await chart.locator('.rc-tip-text').textContent(), last)
  const inside = await chart.evaluate((e) => {
    const outer = e.getBoundingClientRect()
    const tip = e.querySelector('rect.rc-tip').getBoundingClientRect()
    return tip.left >= outer.left - 1 && tip.right <= outer.right + 1 && tip.top >= outer.top - 1
  })
  t.check('the words stay within the picture', inside)
  await page.keyboard.press('Escape')
  t.equal('Escape hides it', await chart.locator('.rc-tip-text').count(), 0)
})

await t.part('panels', async () => {
  const { page } = await t.open({ device: 'desktop' })
  await page.goto(`${base}/series.html`)
  const chart = page.locator('svg.rc-wide')
  const text = () => chart.locator('.rc-tip-text').textContent()
  await chart.focus()
  await page.keyboard.press('ArrowRight')
  t.check('tension first', /: \d+$/.test(await text()), await text())
  await page.keyboard.press('ArrowDown')
  t.check('down is sleep on that day', /Jan 5, .*: [\d.]+\sh$/.test(await text()), await text())
  await page.keyboard.press('ArrowUp')
  t.check('up is tension again', /: \d+$/.test(await text()), await text())
})

await t.part('mouse', async () => {
  const { page } = await t.open({ device: 'desktop' })
  await page.goto(`${base}/client.html`)
  const chart = page.locator('svg.rc-wide')
  const dot = await chart.locator('[data-say]').nth(12).boundingBox()
  await page.mouse.move(dot.x + dot.width / 2 + 1, dot.y + dot.height / 2 + 1)
  t.equal('the nearest value', await chart.locator('.rc-tip-text').textContent(), await chart.locator('[data-say]').nth(12).getAttribute('data-say'))
  await page.mouse.move(2, 2)
  t.equal('gone with the mouse', await chart.locator('.rc-tip-text').count(), 0)
})

await t.part('finger', async () => {
  const { page } = await t.open({ device: 'phone' })
  await page.goto(`${base}/client.html`)
  const chart = page.locator('svg.rc-narrow')
  t.check('a phone shows the narrow picture', await chart.isVisible())
  const dot = await chart.locator('[data-say]').nth(3).boundingBox()
  await page.touchscreen.tap(dot.x + 3, dot.y + 3)
  t.equal('its value stays after the finger', await chart.locator('.rc-tip-text').count(), 1)
})

await t.part('without the script', async () => {
  const { page } = await t.open({ device: 'phone', js: false })
  await page.goto(`${base}/client.html`)
  await page.locator('summary').tap()
  t.check('every number stands in the table', (await page.locator('.rc-table tbody tr').count()) === 75)
  t.check('and is seen', await page.locator('.rc-table tbody td').first().isVisible())
})

await t.part('axe', async () => {
  for (const name of ['client', 'therapist', 'few', 'series']) {
    for (const scheme of ['light', 'dark']) {
      for (const device of ['phone', 'desktop']) {
        const { page } = await t.open({ device, scheme })
        await page.goto(`${base}/${name}.html`)
        for (const summary of await page.locator('summary').all()) await summary.click()
        await page.evaluate(axeSource)
        const found = await page.evaluate(async () => (await globalThis.axe.run(document, { resultTypes: ['violations'] })).violations
          .map((v) => `${v.id}: ${v.nodes[0].target.join(' ')} ${v.nodes[0].failureSummary}`))
        t.check(`axe: ${name}, ${device}, ${scheme}`, found.length === 0, found)
        t.equal(`nothing sticks out: ${name}, ${device}, ${scheme}`, await tooWide(page), [])
      }
    }
  }
})

await t.part('alone', async () => {
  const { page } = await t.open({ device: 'desktop' })
  for (const name of ['helped', 'none', 'year']) {
    await page.goto(`${base}/${name}.svg`)
    t.equal(`${name}.svg is a picture`, await page.evaluate(() => [document.documentElement.tagName, document.querySelectorAll('parsererror').length]), ['svg', 0])
  }
  await page.goto(`${base}/helped.svg`)
  t.equal('with its colours', await page.evaluate(() => getComputedStyle(document.querySelector('.rc-expected')).stroke), 'rgb(44, 103, 87)')
})

server.close()
fs.rmSync(folder, { recursive: true })
await t.end()
