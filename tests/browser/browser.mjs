// What the browser tests share: Chromium, pages that note every fault, checks that are counted, a finger
// and a keyboard.
//
//   import { begin } from './browser.mjs'
//   const t = await begin()
//   const visit = await t.open(server.url, { device: 'phone' })
//   await visit.page.goto(server.url); t.check('the title is there', ...)
//   await visit.close(); await t.end()
//
// Nothing here waits for a length of time: every wait is for something to be seen.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { balmPath, root } from '../http/server.mjs'

export const shotsFolder = path.join(root, 'build-test/shots')
export const devices = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 900 } },
}
const WAIT_MS = 30000 // sanitizers on a busy machine

/** Chromium and the count of what held: {open, check, part, end, browser}. Where `log` is set to a function,
 *  a part that fails shows the end of the server's log. */
export async function begin() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  })
  const t = { browser, passed: 0, failed: 0 }

  t.check = (what, ok, detail) => {
    if (ok) t.passed++
    else t.failed++
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}${ok || detail === undefined ? '' : `: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`}`)
    return Boolean(ok)
  }
  t.equal = (what, got, wanted) =>
    t.check(what, (() => { try { assert.deepEqual(got, wanted); return true } catch { return false } })(), { got, wanted })

  /** A part of the test: what goes wrong in it ends this part only, with a picture of the page. */
  t.part = async (name, run) => {
    if (process.env.ONLY && !name.includes(process.env.ONLY)) return
    const visits = []
    t.visits = visits
    console.log(`-- ${name}`)
    try {
      await run()
    } catch (error) {
      t.check(`${name} runs to its end`, false, error.stack ?? String(error))
      for (const [i, visit] of visits.entries()) {
        if (visit.closed) continue
        const file = path.join(shotsFolder, `failed-${name.replace(/[^a-z0-9]+/gi, '-')}-${i}.png`)
        fs.mkdirSync(shotsFolder, { recursive: true })
        await visit.page.screenshot({ path: file, fullPage: true }).catch(() => {})
        console.log(`       ${visit.page.url()} (${path.relative(root, file)})`)
      }
      console.log(t.log?.().split('\n').slice(-8).map((line) => `       ${line}`).join('\n') ?? '')
    }
    for (const visit of visits) await visit.close(name)
  }

  t.open = async (options = {}) => {
    const visit = await openVisit(t, options)
    t.visits?.push(visit)
    return visit
  }

  t.end = async () => {
    await browser.close()
    console.log(`${t.passed} passed, ${t.failed} failed`)
    process.exit(t.failed || !t.passed ? 1 : 0)
  }
  return t
}

async function openVisit(t, { device = 'phone', scheme = 'light', js = true, locale = 'en-US', timezone = 'America/New_York', width, ...more } = {}) {
  const context = await t.browser.newContext({
    ...devices[device], ...(width ? { viewport: { width, height: 844 } } : {}),
    colorScheme: scheme, javaScriptEnabled: js, locale, timezoneId: timezone, reducedMotion: 'reduce', ...more,
  })
  context.setDefaultTimeout(WAIT_MS)
  const page = await context.newPage()
  const visit = { context, page, faults: [], taps: 0, statuses: [], closed: false }
  watch(visit, context)

  /** One touch of the finger, counted. */
  visit.tap = async (target) => {
    visit.taps++
    await on(page, target).tap()
  }
  /** A touch that leads to another page. */
  visit.tapTo = async (target, url) => {
    await visit.tap(target)
    await page.waitForURL(url)
  }
  visit.type = async (label, text) => {
    visit.taps++
    const field = page.getByLabel(label, { exact: false })
    await field.tap()
    await page.keyboard.type(text)
  }

  /** Ends the visit; on none of its pages may anything have gone wrong. */
  visit.close = async (name = 'the visit') => {
    if (visit.closed) return
    visit.closed = true
    await context.close()
    t.check(`${name}: no console message, refused script or failed request`, visit.faults.length === 0, visit.faults.slice(0, 5))
  }
  return visit
}

const on = (page, target) => (typeof target === 'string' ? page.locator(target) : target)

/** Notes what a visitor's browser would complain about. Statuses of whole pages are the test's own business. */
function watch(visit, context) {
  const { page, faults } = visit
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return
    const at = message.location().url
    // A page that answers 409 or 422 is meant; Chromium says so in the console as well.
    const ofPage = /status of 4\d\d/.test(message.text()) && visit.statuses.some((s) => s.url === at && s.status >= 400)
    if (!ofPage) faults.push(`console: ${message.text()} (${at})`)
  })
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`))
  page.on('requestfailed', (request) => {
    // Leaving a page while it still loads is no failure, and neither is a download.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') faults.push(`request: ${request.url()} ${request.failure()?.errorText}`)
  })
  context.on('response', (response) => {
    const request = response.request()
    if (request.isNavigationRequest()) visit.statuses.push({ url: response.url(), status: response.status() })
    else if (response.status() >= 400 && !visit.expected?.(response)) faults.push(`${response.status()} ${response.url()}`)
  })
}

// ---- the keyboard ----

/** Presses Tab until what is wanted has the focus; at every stop the focus must be seen. */
export async function tabTo(t, page, target, what) {
  const wanted = on(page, target).first()
  await wanted.waitFor({ state: 'attached' })
  for (let stops = 0; stops < 150; stops++) {
    await page.keyboard.press('Tab')
    const stop = await focusOf(page)
    if (stop && !stop.seen) t.check(`${what}: the focus is seen at every stop`, false, stop)
    if (await wanted.evaluate((element) => element === document.activeElement)) return stops + 1
  }
  throw new Error(`${what}: not reached by 150 Tabs`)
}

/** What has the focus, and whether it can be seen: on the screen, on top, with a ring. */
export function focusOf(page) {
  return page.evaluate(() => {
    const e = document.activeElement
    if (!e || e === document.body || e === document.documentElement) return null
    const style = getComputedStyle(e)
    const box = e.getBoundingClientRect()
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1)
    const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1)
    const top = document.elementFromPoint(x, y)
    const inside = box.width > 1 && box.height > 1 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight
    // Of a link over two lines the middle may belong to its neighbour.
    const onTop = Boolean(top) && (e.contains(top) || top.contains(e) || top.closest('label')?.control === e)
    return { what: `${e.tagName.toLowerCase()} ${(e.textContent || e.name || '').trim().slice(0, 40)}`, seen: ring && inside && onTop, ring, inside, onTop }
  })
}

// ---- the look ----

/** What makes a page wider than the screen: the names of the elements, or nothing. */
export function tooWide(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const names = []
    if (document.documentElement.scrollWidth > width) names.push(`the page: ${document.documentElement.scrollWidth} px in ${width}`)
    // The body clips what sticks out, so scrollWidth alone would not tell.
    for (const e of document.querySelectorAll('body *')) {
      if (e.closest('svg, .trap, .hide, .skip, [hidden]') && e.tagName !== 'svg') continue
      if (e.closest('[class*="motif"]') || !e.checkVisibility()) continue
      let scroller = e.parentElement
      while (scroller && scroller !== document.body && getComputedStyle(scroller).overflowX === 'visible') scroller = scroller.parentElement
      if (scroller && scroller !== document.body) continue
      const box = e.getBoundingClientRect()
      if (box.width && (box.right > width + 1 || box.left < -1)) names.push(`${e.tagName.toLowerCase()}.${e.className} ${Math.round(box.left)}–${Math.round(box.right)}`)
    }
    return names.slice(0, 5)
  })
}

/** Everything to touch that is under 44 px; links inside sentences are free. `narrow` names what may be 36 px wide. */
export function tooSmall(page, within = 'body', narrow = null) {
  return page.evaluate(([selector, exempt]) => {
    const free = (e) => {
      if (!e.matches('a')) return false
      const block = e.closest('p, li, dd, address')
      // A link in running text: other words stand beside it in the same block.
      return Boolean(block) && getComputedStyle(e).display === 'inline' && block.textContent.trim() !== e.textContent.trim()
    }
    return [...document.querySelectorAll(`:is(${selector}) :is(a[href], button, input:not([type=hidden]), select, textarea, summary)`)]
      .filter((e) => e.checkVisibility() && !e.closest('.trap, .hide') && !e.matches('.skip:not(:focus)') && !free(e))
      .map((e) => {
        const around = e.matches('input[type=checkbox], input[type=radio]') ? e.closest('label') ?? e : e
        return [e, around.getBoundingClientRect()]
      })
      .filter(([e, box]) => box.width > 1 && (box.height < 43.9 || box.width < (exempt && e.matches(exempt) ? 36 : 43.9)))
      .map(([e, box]) => `${e.tagName.toLowerCase()} “${(e.textContent || e.name).trim().slice(0, 30)}” ${box.width.toFixed(0)}×${box.height.toFixed(0)}`)
  }, [within, narrow])
}

export async function shot(page, name) {
  fs.mkdirSync(shotsFolder, { recursive: true })
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.screenshot({ path: path.join(shotsFolder, `${name}.png`), fullPage: true, animations: 'disabled' })
}

// ---- beside the browser ----

/** Waits until `condition()` gives something true, and returns it. */
export async function until(what, condition) {
  const end = Date.now() + WAIT_MS
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > end) throw new Error(`${what}: waited ${WAIT_MS / 1000} s in vain`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** The letters that have been sent to an address, oldest first: [{subject, text, parts: {type: content}}]. */
export function lettersTo(server, address) {
  const folder = path.join(server.dir, 'mail')
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder).filter((name) => name.endsWith('.eml')).sort()
    .map((name) => readLetter(fs.readFileSync(path.join(folder, name), 'utf8')))
    .filter((letter) => letter.to.includes(address))
}

function readLetter(source) {
  const parts = {}
  const read = (text) => {
    const cut = text.search(/\r?\n\r?\n/)
    const headers = text.slice(0, cut).replace(/\r?\n[ \t]+/g, ' ')
    const body = text.slice(cut).replace(/^\r?\n\r?\n/, '')
    const header = (name) => headers.match(new RegExp(`^${name}:\\s*(.*)$`, 'mi'))?.[1].trim() ?? ''
    const boundary = header('Content-Type').match(/boundary="?([^";]+)"?/i)?.[1]
    if (boundary) {
      for (const piece of body.split(`--${boundary}`).slice(1, -1)) read(piece.replace(/^\r?\n/, ''))
    } else {
      const type = header('Content-Type').split(';')[0].trim().toLowerCase() || 'text/plain'
      parts[type] ??= decode(body, header('Content-Transfer-Encoding').toLowerCase())
    }
    return header
  }
  const header = read(source)
  return { to: header('To'), subject: words(header('Subject')), parts, text: parts['text/plain'] ?? '', source }
}

function decode(body, encoding) {
  if (encoding === 'base64') return Buffer.from(body.replace(/\s+/g, ''), 'base64').toString('utf8')
  if (encoding !== 'quoted-printable') return body
  const bytes = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

const words = (text) => text.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind, value) =>
  decode(value.replace(/_/g, kind.toLowerCase() === 'q' ? ' ' : '_'), kind.toLowerCase() === 'b' ? 'base64' : 'quoted-printable'))

/** The booking that another visitor makes meanwhile, through the API. */
export async function bookByApi(server, { service, start, therapist, name = 'Somebody Else', email = 'else@mail.example' }) {
  const response = await fetch(`${server.url}/api/v1/bookings`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ service, start, ...(therapist ? { therapist } : {}), client: { name, email } }),
  })
  const answer = await response.json()
  if (response.status !== 201) throw new Error(`POST /api/v1/bookings: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}

export async function slots(server, service, from, to = from, more = '') {
  const response = await fetch(`${server.url}/api/v1/availability?service=${service}&from=${from}&to=${to}${more}`)
  return (await response.json()).slots
}

/** `balm demo` in a folder of its own: {url, dir, signIns: {owner: {email, password}, …}, stop()}. */
export async function startDemo({ clock, env = {} } = {}) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'balm-demo-'))
  const child = spawn(balmPath(), ['demo', '--dir', dir, '--listen', '127.0.0.1:0'], {
    env: { ...process.env, BALM_LIMITS: 'off', ...(clock ? { BALM_CLOCK: clock } : {}), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  process.on('exit', kill)
  let out = ''
  let log = ''
  let ended = false
  child.stdout.on('data', (bytes) => { out += bytes })
  child.stderr.on('data', (bytes) => { log += bytes })
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => { ended = true; resolve(code ?? signal) }))
  const end = Date.now() + 120000 // it fills itself first
  while (!/Ctrl-C/.test(out)) {
    if (ended || Date.now() > end) throw new Error(`the demonstration did not start:\n${out}\n${log.slice(-2000)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const signIns = {}
  for (const [, role, email, password] of out.matchAll(/^\s+(owner|therapist|desk)\s+(\S+@\S+)\s+(\S+)$/gm)) signIns[role] = { email, password }
  return {
    url: out.match(/site\s+(http:\/\/\S+?)\/?\s/)[1],
    dir,
    signIns,
    out: () => out,
    log: () => log,
    async stop() {
      process.off('exit', kill)
      child.kill('SIGTERM')
      const code = await exited
      fs.rmSync(dir, { recursive: true, force: true })
      return { code, log }
    },
  }
}

/** What an address answers, without a browser: {status, type, body}. */
export function get(url) {
  return new Promise((resolve, reject) => {
    http.get(url, { agent: false }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'] ?? '', headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }))
    }).on('error', reject)
  })
}

// ---- the pages of a site ----

const OF_A_KIND = 2 // pages visited that differ by an id only

/** "/staff/clients/12" and "/staff/clients/7" are of a kind. */
export function kindOf(address) {
  const { pathname, searchParams } = new URL(address)
  const kind = pathname
    .replace(/^\/b\/[^/]+/, '/b/:token')
    .replace(/\/(services|therapists|rooms)\/[^/]+/, '/$1/:key')
    .replace(/^\/book\/[^/]+/, '/book/:service')
    .replace(/\/learn\/(?!add)[^/]+/, '/learn/:slug')
    .replace(/\/\d+/g, '/:id')
  const values = ['lang', 'day', 'date', 'week', 'therapist', 'start', 'hold', 'time', 'service', 'client', 'who', 'into', 'q', 'next', 'back', 'page', 'in', 'n']
  const asked = [...searchParams.keys()].filter((key) => !values.includes(key)).sort()
  return kind + (asked.length ? `?${asked.join('&')}` : '')
}

/** Follows the links from `addresses` and stops at every kind of HTML page: {address, kind, status}. */
export async function* pagesFrom(page, base, addresses) {
  const counts = new Map()
  const queue = [...addresses]
  while (queue.length) {
    const url = new URL(queue.shift(), base).href.replace(/#.*/, '')
    const kind = kindOf(url)
    const most = kind.includes(':') && !kind.startsWith('/b/') ? OF_A_KIND : 1
    if ((counts.get(kind) ?? 0) >= most || /\.(ics|json)(\?|$)/.test(url)) continue
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    const response = await page.goto(url)
    if (!/^text\/html/.test(response.headers()['content-type'] ?? '')) continue
    const links = await page.locator('a[href]').evaluateAll((all) => all.map((a) => a.href))
    yield { address: url.slice(base.length), kind, status: response.status() }
    for (const link of links) {
      if (link.startsWith(base) && !/[?&]lang=/.test(link)) queue.push(link)
    }
  }
}

export async function signIn(page, base, { email, password }) {
  await page.goto(`${base}/staff/sign-in`)
  await page.locator('input[type=email]').fill(email)
  await page.locator('input[type=password]').fill(password)
  await page.locator('main form button').click()
  await page.waitForURL((url) => url.pathname === '/staff')
}
