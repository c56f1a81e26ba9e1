// Takes the README's pictures from a running demonstration:
//   BALM_CLOCK=2026-11-24T15:20:00Z build/src/balm demo --dir pictures &
//   node docs/img/take.mjs http://127.0.0.1:8080 LINK      a client's page, as the demonstration prints it
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const { chromium } = createRequire(join(here, '../../tests/package.json'))('playwright-core')
const site = process.argv[2] ?? 'http://127.0.0.1:8080'
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })

async function open(width, height, scale) {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, colorScheme: 'light', reducedMotion: 'reduce', locale: 'en-US' })
  return context.newPage()
}

async function take(page, path, name) {
  await page.goto(site + path, { waitUntil: 'networkidle' }).catch(() => {}) // a live page is never idle
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(here, name) })
}

const phone = await open(390, 780, 1.5)
await take(phone, '/', 'home-phone.png')
if (process.argv[3]) await take(phone, new URL(process.argv[3]).pathname, 'progress-phone.png')
const desk = await open(1200, 780, 1)
await desk.goto(`${site}/staff/sign-in`)
await desk.fill('input[name=email]', 'ana@balancedbody.example')
await desk.fill('input[name=password]', 'calm-hands-ana')
await desk.click('main button')
await desk.waitForURL('**/staff')
await take(desk, '/staff', 'today-desktop.png')
await browser.close()
