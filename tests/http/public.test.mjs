// The public pages against the real program, as a browser without JavaScript uses them: links are followed,
// forms are sent as they stand. usage: BALM=path/to/balm node public.mjs
import assert from 'node:assert/strict'
import http from 'node:http'
import { start } from './server.mjs'

let passed = 0
let failed = 0
async function test(name, body) {
  try {
    await body()
    passed++
  } catch (error) {
    failed++
    console.log(`FAILED ${name}\n  ${String(error.stack ?? error).split('\n').slice(0, 8).join('\n  ')}`)
  }
}

// ---- a small browser ----

function exchange(url, { method = 'GET', headers = {}, body }) {
  return new Promise((done, fail) => {
    const req = http.request(url, { method, headers, agent: false }, (res) => {
      const parts = []
      res.on('data', (part) => parts.push(part))
      res.on('end', () => done({ status: res.statusCode, headers: res.headers, text: Buffer.concat(parts).toString('utf8') }))
    })
    req.on('error', fail)
    req.end(body)
  })
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"' }
const decode = (text) => text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, dec, hex, name) =>
  dec ? String.fromCodePoint(Number(dec)) : hex ? String.fromCodePoint(parseInt(hex, 16)) : entities[name] ?? all)

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr'])

// The tags of a page in order; throws where they are not nested as they should be.
function tags(html) {
  const found = []
  const open = []
  const pattern = /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z:-]+(?:="[^"]*")?)*)\s*(\/?)>|<script[^>]*>[^]*?<\/script>/gi
  const plain = html.replace(/(<script[^>]*>)[^]*?(<\/script>)/g, '$1$2').replace(/(<style[^>]*>)[^]*?(<\/style>)/g, '$1$2')
  let end = 0
  for (const match of plain.matchAll(pattern)) {
    assert.ok(!/[<>]/.test(plain.slice(end, match.index)), `stray < or > near: ${plain.slice(end, match.index + 80)}`)
    end = match.index + match[0].length
    if (!match[2]) continue
    const name = match[2].toLowerCase()
    if (match[1]) {
      assert.equal(open.pop(), name, `</${name}> closes nothing of that name`)
    } else {
      const attributes = {}
      for (const [, key, value] of match[3].matchAll(/([a-zA-Z:-]+)(?:="([^"]*)")?/g)) {
        assert.ok(!(key in attributes), `${name} has ${key} twice`)
        attributes[key] = decode(value ?? '')
      }
      found.push({ name, attributes })
      if (!VOID.has(name) && !match[4]) open.push(name)
    }
  }
  assert.deepEqual(open, [], 'elements left open')
  const ids = found.map((tag) => tag.attributes.id).filter(Boolean)
  assert.equal(new Set(ids).size, ids.length, `an id stands twice: ${ids}`)
  return found
}

const words = (html) => decode(html.replace(/<(script|style)[^]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ').trim()

class Visitor {
  constructor(server, headers = {}) {
    this.server = server
    this.headers = headers
    this.cookies = new Map()
  }

  async ask(path, { method = 'GET', form, headers = {} } = {}) {
    const url = new URL(path, this.server.url)
    const all = { 'Accept-Language': 'en', ...this.headers, ...headers }
    if (this.cookies.size) all.Cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    let body
    if (form) {
      method = 'POST'
      body = new URLSearchParams(form).toString()
      all['Content-Type'] = 'application/x-www-form-urlencoded'
      all.Origin ??= this.server.url
    }
    const page = await exchange(url, { method, headers: all, body })
    for (const line of page.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      this.cookies.set(name, value)
    }
    page.url = url.pathname + url.search
    if (/^text\/html/.test(page.headers['content-type'] ?? '')) {
      page.tags = tags(page.text)
      page.words = words(page.text)
    }
    return page
  }

  async follow(page) {
    assert.equal(page.status, 303, `${page.url}: ${page.status} ${page.words ?? page.text}`)
    return this.ask(page.headers.location)
  }
}

const links = (page, test) => page.tags.filter((tag) => tag.name === 'a' && test.test(tag.attributes.href ?? '')).map((tag) => tag.attributes.href)

// The form with the fields it would send; `button` names the button pressed: its formaction counts too.
function form(page, button) {
  const begin = page.tags.findIndex((tag) => tag.name === 'form')
  assert.ok(begin >= 0, 'a form')
  const inside = page.tags.slice(begin + 1)
  const fields = {}
  for (const { name, attributes } of inside) {
    if (name === 'input' && attributes.name) fields[attributes.name] = attributes.value ?? ''
    if (name === 'textarea') fields[attributes.name] = textareaOf(page)
  }
  const buttons = inside.filter((tag) => tag.name === 'button')
  const pressed = button ? buttons.find(button) : undefined
  if (button) assert.ok(pressed, 'the button is there')
  if (pressed?.attributes.name) fields[pressed.attributes.name] = pressed.attributes.value ?? ''
  return { action: pressed?.attributes.formaction ?? page.tags[begin].attributes.action, fields, buttons }
}

function textareaOf(page) {
  return decode(/<textarea[^>]*>([^]*?)<\/textarea>/.exec(page.text)[1])
}

const isTime = (tag) => tag.attributes.class === 'time'
const starts = (page) => page.tags.filter((tag) => tag.name === 'button' && tag.attributes.name === 'start').map((tag) => tag.attributes.value)
const person = { name: 'Rosa Delgado', email: 'rosa@example.org', phone: '+1 555 0123', note: 'Stairs are hard.\nThank you.' }

async function send(visitor, page, button, more = {}) {
  const { action, fields } = form(page, button)
  return visitor.ask(action, { form: { ...fields, ...more } })
}

// From a service's page to its details, by the n-th time of the day shown.
async function toDetails(visitor, path, n = 0) {
  const time = await visitor.ask(path)
  assert.equal(time.status, 200, time.words)
  const start = starts(time)[n]
  assert.ok(start, `no times on ${path}: ${time.words}`)
  const held = await send(visitor, time, (tag) => tag.attributes.value === start)
  const details = await visitor.follow(held)
  assert.equal(details.status, 200)
  return { start, details, time }
}

let people = 0
const another = () => ({ ...person, name: `Robin Vale ${++people}`, email: `robin${people}@example.org` })

async function book(visitor, path, n = 0, more = another()) {
  const { start, details } = await toDetails(visitor, path, n)
  const made = await send(visitor, details, undefined, more)
  const done = await visitor.follow(made)
  return { start, done, link: made.headers.location.split('?')[0] }
}

// ---- the tests ----

let server = await start()

const pages = ['/', '/services', '/book', '/privacy', '/book/relief-60', '/book/relief-60?month=2026-04', '/book/relief-60?week=2026-03-12', '/book/relief-60?day=2026-03-08', '/nope']

await test('every page is well-formed, has one heading, and says its language', async () => {
  for (const lang of ['en', 'es']) {
    for (const path of pages) {
      const page = await new Visitor(server, { 'Accept-Language': lang }).ask(path)
      assert.equal(page.status, path === '/nope' ? 404 : 200, path)
      assert.equal(page.tags.find((tag) => tag.name === 'html').attributes.lang, lang)
      assert.equal(page.tags.filter((tag) => tag.name === 'h1').length, 1, path)
      assert.equal(page.headers['content-language'], lang)
    }
  }
})

await test('Spanish pages hold no English sentences', async () => {
  const english = /\b(Book a session|Find a time|See times|The whole month|Anyone|Morning|Afternoon|Monday|March|Sessions and prices|opening|Hours|closed|Skip to|Your name|with)\b/
  const visitor = new Visitor(server, { 'Accept-Language': 'es-MX,es;q=0.9,en;q=0.5' })
  for (const path of pages) {
    const page = await visitor.ask(path)
    const text = page.words.replace(/Chronic pain session|Deep tissue, long|Slow, deep work on one or two regions, measured before and after\./g, '')
    assert.ok(!english.test(text), `${path}: ${english.exec(text)?.[0]} in ${text.slice(Math.max(0, text.search(english) - 60), text.search(english) + 60)}`)
  }
  const time = await visitor.ask('/book/relief-60')
  assert.match(time.words, /Lunes, 2 de marzo/)
  assert.match(time.words, /hora de Nueva York/)
})

await test('home tells what there is, with structured data', async () => {
  const page = await new Visitor(server).ask('/')
  assert.match(page.words, /Next opening: tomorrow, 9:00 AM/)
  assert.match(page.words, /Chronic pain session \$95 60 minutes/)
  assert.match(page.words, /1 Main St/)
  const [, json] = /<script type="application\/ld\+json">([^]*?)<\/script>/.exec(page.text)
  const data = JSON.parse(json)
  assert.equal(data['@type'], 'HealthAndBeautyBusiness')
  assert.equal(data.name, 'Harbour Hands Massage')
  assert.equal(data.makesOffer[0].price, '95.00')
  assert.ok(data.openingHoursSpecification.some((row) => row.dayOfWeek === 'Monday' && row.opens === '09:00' && row.closes === '13:00'))
  const canonical = page.tags.find((tag) => tag.attributes.rel === 'canonical').attributes.href
  assert.equal(canonical, `${server.url}/`)
  assert.ok(page.tags.some((tag) => tag.attributes.property === 'og:image' && tag.attributes.content.startsWith('http')))
})

await test('what robots fetch', async () => {
  const visitor = new Visitor(server)
  const robots = await visitor.ask('/robots.txt')
  assert.match(robots.text, /^User-agent: \*\n[^]*Disallow: \/b\/\n[^]*Sitemap: http:\/\/127\.0\.0\.1:\d+\/sitemap\.xml\n$/)
  const map = await visitor.ask('/sitemap.xml')
  assert.match(map.headers['content-type'], /^application\/xml/)
  const places = [...map.text.matchAll(/<loc>([^<]*)<\/loc>/g)].map((match) => match[1])
  assert.ok(places.includes(`${server.url}/book/relief-60`))
  for (const place of places) assert.equal((await visitor.ask(place)).status, 200, place)
  const manifest = JSON.parse((await visitor.ask('/manifest.webmanifest')).text)
  assert.equal(manifest.name, 'Harbour Hands Massage')
  for (const icon of manifest.icons) assert.equal((await visitor.ask(icon.src)).headers['content-type'], 'image/png')
  assert.equal((await visitor.ask('/favicon.ico')).status, 200)
})

await test('styles, scripts and fonts are served, conditionally', async () => {
  const visitor = new Visitor(server)
  const page = await visitor.ask('/')
  const files = page.tags.map((tag) => tag.attributes.href ?? tag.attributes.src ?? '').filter((path) => path.startsWith('/static/'))
  assert.ok(files.length >= 5)
  for (const path of files) {
    const file = await visitor.ask(path)
    assert.equal(file.status, 200, path)
    assert.match(file.headers['cache-control'], /immutable/)
    assert.equal((await visitor.ask(path, { headers: { 'If-None-Match': file.headers.etag } })).status, 304, path)
  }
  assert.equal((await visitor.ask('/static/nothing.css')).status, 404)
})

await test('the language: choice, then cookie, then browser, then practice', async () => {
  const visitor = new Visitor(server, { 'Accept-Language': 'fr-FR, es;q=0.8, en;q=0.9' })
  const lang = async (path, options) => (await visitor.ask(path, options)).headers['content-language']
  assert.equal(await lang('/'), 'en')
  assert.equal(await lang('/', { headers: { 'Accept-Language': 'fr, es;q=0.4' } }), 'es')
  assert.equal(await lang('/', { headers: { 'Accept-Language': 'fr' } }), 'en')
  assert.equal(await lang('/?lang=xx'), 'en')
  assert.equal(visitor.cookies.size, 0)
  const page = await visitor.ask('/services?a=1')
  const [spanish] = links(page, /lang=es/)
  assert.equal(spanish, '/services?a=1&lang=es')
  assert.equal(await lang(spanish), 'es')
  assert.equal(visitor.cookies.get('__Host-lang'), 'es')
  assert.equal(await lang('/'), 'es')
  assert.equal(await lang('/?lang=en'), 'en')
  assert.equal(await lang('/book'), 'en')
})

await test('days are marked before they are tapped, and the nearest opening is offered', async () => {
  const visitor = new Visitor(server)
  const page = await visitor.ask('/book/relief-60')
  assert.match(page.words, /Monday, March 2/) // the first day with openings is chosen
  assert.deepEqual(links(page, /day=2026-03-03$/), ['/book/relief-60?day=2026-03-03'])
  assert.deepEqual(links(page, /month=/), ['/book/relief-60?month=2026-03&day=2026-03-02#month'])
  const march = await visitor.ask('/book/relief-60?month=2026-03')
  assert.match(march.words, /Thursday, March 12, \d+ openings/) // Ben is there
  const withAna = await visitor.ask('/book/relief-60?therapist=ana&day=2026-03-12') // her day off
  assert.match(withAna.words, /Thursday, March 12, no openings/)
  assert.ok(!withAna.tags.some((tag) => tag.name === 'a' && /^day /.test(tag.attributes.class ?? '') && /day=2026-03-12/.test(tag.attributes.href)))
  assert.match(withAna.words, /Nothing is free on this day\. The nearest opening: Friday, March 13, 9:00 AM/)
  const [nearest] = links(withAna, /day=2026-03-13$/)
  assert.equal(nearest, '/book/relief-60?therapist=ana&day=2026-03-13')
  assert.ok(starts(await visitor.ask(nearest)).length > 5)
  const april = await visitor.ask('/book/relief-60?month=2026-04')
  assert.match(april.words, /April 2026/)
  assert.ok(april.tags.some((tag) => tag.name === 'details' && 'open' in tag.attributes))
  const far = await visitor.ask('/book/relief-60?month=2031-01') // beyond the horizon: its last month
  assert.match(far.words, /April 2026/)
  const later = await visitor.ask('/book/relief-60?day=2026-09-01')
  assert.match(later.words, /So far ahead we do not plan yet\. The last day that can be booked now is Thursday, April 30\./)
  assert.ok(later.words.indexOf('So far ahead') < later.words.indexOf('Week before'), 'above the days')
  assert.ok(!(await visitor.ask('/book/relief-60?day=2026-04-30')).words.includes('So far ahead'))
})

await test('nonsense in the address does no harm', async () => {
  const visitor = new Visitor(server)
  for (const query of ['day=2026-02-30', 'day=0000-00-00', 'month=2026-13', 'week=x', 'therapist=nobody', 'tz=../../etc/passwd', 'day=9999-12-31', 'day=0001-01-01', 'tz=Mars/Base&hold=%22%3E']) {
    assert.equal((await visitor.ask(`/book/relief-60?${query}`)).status, 200, query)
  }
  assert.equal((await visitor.ask('/book/nothing')).status, 404)
  assert.equal((await visitor.ask('/book?service=relief-60')).headers.location, '/book/relief-60')
  assert.equal((await visitor.ask('/book/relief-60/details')).headers.location, '/book/relief-60')
})

await test('a whole booking by plain forms: book, see, move, cancel', async () => {
  const visitor = new Visitor(server)
  const home = await visitor.ask('/')
  const step1 = await visitor.ask(links(home, /^\/book$/)[0])
  const { start, details } = await toDetails(visitor, links(step1, /^\/book\/relief-60$/)[0])
  assert.equal(start, '2026-03-02T09:00:00-05:00')
  assert.match(details.words, /We hold this time for you for another 10 minutes ?\./)
  assert.match(details.words, /Monday, March 2, 2026, 9:00 AM/)
  assert.equal(details.headers['cache-control'], 'no-store')
  assert.ok(details.tags.some((tag) => tag.attributes.name === 'robots' && tag.attributes.content === 'noindex'))
  const made = await send(visitor, details, undefined, person)
  const done = await visitor.follow(made)
  assert.match(done.words, /See you then\./)
  assert.match(done.words, /on its way to rosa@example\.org/)
  assert.match(done.words, /Come a little early/)
  const link = made.headers.location.split('?')[0]
  assert.match(link, /^\/b\/[A-Za-z0-9_-]{43}$/)
  const manage = await visitor.ask(link)
  assert.match(manage.words, /Your session Monday, March 2, 2026 9:00 AM/)
  assert.match(manage.words, /Move to another time/)
  assert.equal(manage.headers['cache-control'], 'no-store')
  const calendar = await visitor.ask(links(manage, /\.ics$/)[0])
  assert.match(calendar.text, /^BEGIN:VCALENDAR/)

  const move = await visitor.ask(links(manage, /\/move$/)[0])
  assert.ok(!starts(move).includes(start), 'its own time is not offered')
  const later = await visitor.ask(links(move, /day=2026-03-05$/)[0])
  const moved = await visitor.follow(await send(visitor, later, isTime))
  assert.match(moved.words, /Your session has moved\./)
  assert.match(moved.words, /Thursday, March 5, 2026/)

  const cancel = await visitor.ask(links(moved, /\/cancel$/)[0])
  assert.match(cancel.words, /Cancel this session\?/)
  const cancelled = await visitor.follow(await send(visitor, cancel, undefined, { reason: 'A cold.' }))
  assert.match(cancelled.words, /Your session is cancelled\./)
  assert.ok(links(cancelled, /^\/book\/relief-60$/).length)
  const again = await visitor.follow(await send(visitor, cancel, undefined, { reason: 'A cold.' }))
  assert.match(again.words, /This session is cancelled/)
  assert.equal((await visitor.ask(`${link}/move`)).headers.location, link)
})

await test('the same flow in Spanish', async () => {
  const visitor = new Visitor(server, { 'Accept-Language': 'es' })
  const { done, link } = await book(visitor, '/book/relief-60?day=2026-03-10')
  assert.match(done.words, /Le esperamos\./)
  assert.match(done.words, /Martes, 10 de marzo de 2026/)
  const manage = await visitor.ask(link)
  assert.match(manage.words, /hasta el lunes 9 de marzo a las \d+:\d\d/)
})

await test('fields that need mending say so, and keep what was written', async () => {
  const visitor = new Visitor(server)
  const { details } = await toDetails(visitor, '/book/relief-60?day=2026-03-11')
  const typed = { name: '', email: 'not <an> "address"', phone: 'call me', note: 'x'.repeat(1001) }
  const page = await send(visitor, details, undefined, typed)
  assert.equal(page.status, 422)
  assert.match(page.words, /Almost there\./)
  for (const id of ['name', 'email', 'phone', 'note']) {
    const input = page.tags.find((tag) => tag.attributes.id === id)
    assert.equal(input.attributes['aria-invalid'], 'true', id)
    assert.ok(input.attributes['aria-describedby'].includes(`${id}-error`), id)
    assert.ok(page.tags.some((tag) => tag.attributes.id === `${id}-error`), id)
  }
  const kept = form(page).fields
  assert.equal(kept.email, typed.email)
  assert.equal(kept.phone, typed.phone)
  assert.equal(kept.note, typed.note)
  const long = await send(visitor, page, undefined, { ...person, name: 'n'.repeat(81) })
  assert.match(long.words, /shorten it to 80 characters/)
  const made = await send(visitor, long, undefined, another())
  assert.equal(made.status, 303)
})

await test('a longer hold, once, without losing what was written', async () => {
  const visitor = new Visitor(server)
  const { details } = await toDetails(visitor, '/book/relief-60?day=2026-03-13')
  const page = await send(visitor, details, (tag) => tag.attributes.formaction, { name: 'Half writ' })
  assert.equal(page.status, 200)
  assert.match(page.words, /We keep this time for you a little longer\./)
  assert.equal(form(page).fields.name, 'Half writ')
  assert.ok(!form(page).buttons.some((tag) => tag.attributes.formaction))
  const twice = await visitor.ask('/book/relief-60/renew', { form: form(page).fields })
  assert.equal(twice.status, 200)
  assert.doesNotMatch(twice.words, /a little longer/)
})

await test('a time taken meanwhile: nothing is booked, three others are offered', async () => {
  const first = new Visitor(server)
  const second = new Visitor(server)
  const path = '/book/deep-90?day=2026-03-16'
  const shown = await second.ask(path)
  const { start } = await book(first, path, 1)
  assert.equal(starts(shown)[1], start)
  const taken = await send(second, shown, (tag) => tag.attributes.value === start)
  assert.equal(taken.status, 409)
  assert.match(taken.words, /Someone was a moment faster/)
  const offers = form(taken).buttons.filter((tag) => tag.attributes.class === 'offer').map((tag) => tag.attributes.value)
  assert.equal(offers.length, 3)
  assert.ok(!offers.includes(start))
  const distance = (value) => Math.abs(Date.parse(value) - Date.parse(start))
  const others = starts(taken).filter((value) => !offers.includes(value))
  assert.ok(Math.max(...offers.map(distance)) <= Math.min(...others.map(distance)), 'they are the nearest')
  const details = await second.follow(await send(second, taken, (tag) => tag.attributes.value === offers[0]))
  assert.match(details.words, /Who is coming\?/)
  // The same where the form is sent at once, without a hold.
  const late = await second.ask('/book/deep-90', { form: { ...another(), start } })
  assert.equal(late.status, 409)
})

await test('a time that is no offered one is refused in words', async () => {
  const visitor = new Visitor(server)
  const odd = await visitor.ask('/book/relief-60/hold', { form: { start: '2026-03-16T09:07:00-04:00' } })
  assert.equal(odd.status, 422)
  assert.match(odd.words, /This time cannot be booked That time is not offered/)
  const soon = await visitor.ask('/book/relief-60/hold', { form: { start: '2026-03-01T07:30:00-05:00' } })
  assert.equal(soon.status, 422)
  assert.equal((await visitor.ask('/book/relief-60/hold', { form: { start: 'tomorrow' } })).status, 400)
})

await test('a form sent twice makes one booking', async () => {
  const visitor = new Visitor(server)
  const { details } = await toDetails(visitor, '/book/relief-60?day=2026-03-17')
  const who = another()
  const [one, two] = await Promise.all([send(visitor, details, undefined, who), send(visitor, details, undefined, who)])
  assert.equal(one.status, 303)
  assert.equal(two.status, 303)
  assert.equal(one.headers.location, two.headers.location)
})

await test('whoever chooses again gives the first time back', async () => {
  const visitor = new Visitor(server)
  const { start, details } = await toDetails(visitor, '/book/deep-90?day=2026-03-18')
  const change = await visitor.ask(links(details, /day=2026-03-18.*hold=/)[0])
  assert.ok(starts(change).includes(start), 'the own hold does not stand in the way')
  const other = starts(change).at(-1)
  const held = await send(visitor, change, (tag) => tag.attributes.value === other)
  assert.equal(held.status, 303)
  const stranger = await new Visitor(server).ask('/book/deep-90?day=2026-03-18')
  assert.ok(starts(stranger).includes(start))
  assert.ok(!starts(stranger).includes(other))
})

await test('the visitor’s zone: both times are shown where they differ', async () => {
  const visitor = new Visitor(server)
  visitor.cookies.set('tz', 'Europe/Rome')
  const page = await visitor.ask('/book/relief-60?day=2026-03-03')
  assert.match(page.words, /9:00 AM 3:00 PM for you/)
  assert.match(page.words, /Your device is on Rome time/)
  const tokyo = await new Visitor(server).ask('/book/relief-60?day=2026-03-03&tz=Asia/Tokyo')
  assert.match(tokyo.words, /10:00 AM Wed 12:00 AM for you/) // another day there
  visitor.cookies.set('tz', 'America/Detroit') // another name, the same clock
  const same = await visitor.ask('/book/relief-60?day=2026-03-03')
  assert.match(same.words, /All times are New York time\./)
})

await test('wrong and foreign links get 404, forged forms 403, traps 400', async () => {
  const visitor = new Visitor(server)
  for (const path of ['/b/nothing', `/b/${'A'.repeat(27)}`, `/b/${'A'.repeat(27)}/move`, `/b/${'A'.repeat(27)}/cancel`, `/b/${'x'.repeat(900)}`]) {
    const lost = await visitor.ask(path)
    assert.equal(lost.status, 404, path)
    assert.match(lost.words, /We cannot find this session Part of the link may be missing/, path)
    assert.ok(links(lost, /^mailto:/).length > 0 || lost.words.includes('Or call us'), 'whom to ask')
  }
  assert.ok(!(await visitor.ask('/nothing')).words.includes('this session'))
  assert.equal((await visitor.ask(`/b/${'A'.repeat(27)}/cancel`, { form: {} })).status, 404)
  const { details } = await toDetails(visitor, '/book/relief-60?day=2026-03-19')
  const { action, fields } = form(details)
  const forged = await visitor.ask(action, { form: { ...fields, ...another() }, headers: { Origin: 'https://evil.example' } })
  assert.equal(forged.status, 403)
  const program = await visitor.ask(action, { form: { ...fields, ...another(), website: 'http://spam.example' } })
  assert.equal(program.status, 400)
  assert.equal((await visitor.ask(action, { form: { ...fields, ...another() } })).status, 303) // neither took the time
})

await test('no GET acts', async () => {
  const visitor = new Visitor(server)
  const { link } = await book(visitor, '/book/relief-60?day=2026-03-20')
  const { details } = await toDetails(visitor, '/book/relief-60?day=2026-03-20', 4)
  const before = await visitor.ask('/book/relief-60?day=2026-03-20')
  const fields = new URLSearchParams({ ...form(details).fields, ...another() })
  assert.equal((await visitor.ask(`/book/relief-60/hold?${fields}`)).status, 405)
  assert.equal((await visitor.ask(`/book/relief-60/renew?${fields}`)).status, 405)
  for (const path of [`/book/relief-60?${fields}`, `/book/relief-60/details?${fields}`, `${link}/cancel?reason=x`, `${link}/move?${fields}`, `${link}?new=1`]) {
    assert.equal((await visitor.ask(path)).status, 200, path)
  }
  const after = await visitor.ask('/book/relief-60?day=2026-03-20')
  assert.deepEqual(starts(after), starts(before))
  assert.match((await visitor.ask(link)).words, /Move to another time/)
})

await test('too late to change online: said, with the number to call', async () => {
  const visitor = new Visitor(server)
  const late = await book(visitor, '/book/relief-60?therapist=ana&day=2026-03-02') // in 26 hours at most
  server = await again(server, '2026-03-02T12:30:00Z')
  visitor.server = server
  const manage = await visitor.ask(late.link)
  assert.match(manage.words, /It is too late to change this online\./)
  assert.match(manage.words, /call \+1 555 0100/)
  assert.equal((await visitor.ask(`${late.link}/cancel`)).headers.location, late.link)
  const forced = await visitor.follow(await visitor.ask(`${late.link}/cancel`, { form: {} }))
  assert.match(forced.words, /It is too late to change this online\./)
  const moved = await visitor.follow(await visitor.ask(`${late.link}/move`, { form: { start: '2026-03-20T15:00:00-04:00' } }))
  assert.match(moved.words, /It is too late to change this online\./)
})

async function again(old, clock) {
  await old.stop()
  return start({ dir: old.dir, clock })
}

await test('a hold that has ended: booked all the same where the time is free, else others', async () => {
  const visitor = new Visitor(server)
  const free = await toDetails(visitor, '/book/deep-90?day=2026-03-23')
  const gone = await toDetails(new Visitor(server), '/book/deep-90?day=2026-03-24')
  server = await again(server, '2026-03-02T13:30:00Z')
  visitor.server = server
  await book(new Visitor(server), '/book/deep-90?day=2026-03-24')
  const page = await visitor.ask(free.details.url)
  assert.equal(page.status, 200)
  assert.match(page.words, /We no longer hold this time for you\./)
  const made = await send(visitor, page, undefined, another())
  const done = await visitor.follow(made)
  assert.match(done.words, /See you then\./)
  assert.match(done.words, /Monday, March 23, 2026/)
  const late = await visitor.ask(gone.details.url)
  assert.equal(late.status, 409)
  assert.match(late.words, /Someone was a moment faster/)
  const posted = await send(visitor, gone.details, undefined, another())
  assert.equal(posted.status, 409)
  assert.match(posted.words, /Nothing was booked\./)
})

const checked = server.run(['check'])
await test('all that was booked holds together', async () => assert.equal(checked.code, 0, checked.stderr + checked.stdout))
await server.stop()
server.remove()

server = await start({ clock: '2026-10-25T12:00:00Z' })
await test('a time that occurs twice shows which one is meant', async () => {
  const visitor = new Visitor(server)
  const page = await visitor.ask('/book/relief-60?therapist=ben&day=2026-11-01')
  assert.match(page.words, /The clocks go back on this day/)
  assert.match(page.words, /12:00 AM 12:15 AM/)
  assert.match(page.words, /1:30 AM UTC−4/)
  assert.match(page.words, /1:30 AM UTC−5/)
  const all = starts(page)
  assert.equal(new Set(all).size, all.length)
  assert.ok(all.includes('2026-11-01T01:30:00-04:00') && all.includes('2026-11-01T01:30:00-05:00'))
  const second = await visitor.follow(await send(visitor, page, (tag) => tag.attributes.value === '2026-11-01T01:30:00-05:00'))
  assert.match(second.words, /1:30 AM \(UTC−5\)/)
  const made = await send(visitor, second, undefined, another())
  assert.match((await visitor.follow(made)).words, /1:30 AM \(UTC−5\)/)
})
await test('HEAD is answered without a body', async () => {
  const page = await new Visitor(server).ask('/', { method: 'HEAD' })
  assert.equal(page.status, 200)
  assert.equal(page.text, '')
  assert.ok(Number(page.headers['content-length']) > 5000)
})
await server.stop()
server.remove()

console.log(`public pages: ${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
