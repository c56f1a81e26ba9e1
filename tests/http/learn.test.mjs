// Learn against the real program: what visitors read, and what the practice's people do with it, as a
// browser without JavaScript. usage: BALM=path/to/balm node learn.test.mjs
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './server.mjs'
import { changed, decode, errorOf, formOf, staffServer, tests, words } from './staff_browser.mjs'

const { test, end } = tests()
const { server, Browser, signedIn } = await staffServer({ clock: '2026-11-24T15:30:00Z' })
const visitor = new Browser()
const owner = await signedIn('ana@harbour.example')
const therapist = await signedIn('ben@harbour.example')
const desk = await signedIn('desk@harbour.example')
const folder = join(root, 'content/learn')
const slugs = readdirSync(folder).filter((name) => name.endsWith('.md')).map((name) => name.slice(0, -3)).sort()
const field = (slug, name, lang = '') => new RegExp(`^${name}: (.*)$`, 'm').exec(readFileSync(join(folder, lang, `${slug}.md`), 'utf8'))?.[1]
const main = (html) => html.slice(html.indexOf('<main'), html.indexOf('</main>'))
const jsonld = (html) => JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)[1])

// ---- what visitors read ----

await test('the index names every page, its summary and its grade in words', async () => {
  for (const lang of ['en', 'es']) {
    const page = await visitor.get(`/learn?lang=${lang}`)
    assert.equal(page.status, 200)
    const text = words(main(page.text))
    for (const slug of slugs) {
      assert.ok(page.text.includes(`href="/learn/${slug}"`), slug)
      assert.ok(text.includes(field(slug, 'summary', lang === 'es' ? 'es' : '')), `${lang} ${slug}`)
    }
    const grades = lang === 'en' ? ['supported, short term', 'mixed evidence', 'weak evidence', 'contradicted']
      : ['con apoyo, a corto plazo', 'pruebas dispares', 'pruebas débiles', 'desmentido']
    for (const grade of grades) assert.ok(text.toLowerCase().includes(grade), grade)
  }
})
await test('the four aims come first, on the index and at home, and lead to their pages', async () => {
  for (const path of ['/learn?lang=en', '/?lang=en']) {
    const html = (await visitor.get(path)).text
    for (const slug of ['muscle-tension', 'chronic-pain', 'swelling', 'movement']) assert.ok(html.includes(`<h3><a href="/learn/${slug}">`), `${path} ${slug}`)
  }
  const html = (await visitor.get('/learn?lang=en')).text
  assert.ok(html.indexOf('id="aims"') < html.indexOf('id="grades"') && html.indexOf('id="grades"') < html.indexOf('id="theme-1"'))
})
await test('every page answers in both languages with all that it promises', async () => {
  for (const slug of slugs) {
    for (const lang of ['en', 'es']) {
      const sub = lang === 'es' ? 'es' : ''
      const page = await visitor.get(`/learn/${slug}?lang=${lang}`)
      assert.equal(page.status, 200, slug)
      const text = words(main(page.text))
      assert.ok(text.includes(field(slug, 'title', sub)), `${slug} title`)
      const claim = field(slug, 'claim', sub)
      if (claim) assert.ok(text.includes(claim), `${slug} claim`)
      assert.ok(text.includes(lang === 'es' ? '22 de noviembre de 2026' : 'November 22, 2026'), `${slug} review`)
      assert.match(page.text, /<a class="btn" href="\/book">/)
      assert.equal(page.text.match(/<h1/g).length, 1)
      assert.ok(!/<(h[1-6])[^>]*><\/\1>/.test(page.text))
      const file = readFileSync(join(folder, sub, `${slug}.md`), 'utf8')
      const references = file.split('references:\n')[1]?.split(/\n(?!- )/)[0].split('\n').filter((l) => l.startsWith('- ')) ?? []
      assert.equal((page.text.match(/<ol class="references">(.*?)<\/ol>/s)?.[1].match(/<li>/g) ?? []).length, references.length, `${slug} references`)
      for (const doi of file.matchAll(/doi:(\S+)$/gm)) assert.ok(page.text.includes(`https://doi.org/${doi[1].split('/').map((p) => encodeURIComponent(p).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase())).join('/')}`), doi[1])
      const measures = (field(slug, 'measures', sub) ?? '').split(', ').filter(Boolean)
      assert.equal((page.text.match(/<ul class="measured">(.*?)<\/ul>/s)?.[1].match(/<li>/g) ?? []).length, measures.length, `${slug}: every measure has its words`)
    }
  }
})
await test('what is contradicted says so', async () => {
  for (const slug of ['lactic-acid', 'cortisol']) {
    const text = words(main((await visitor.get(`/learn/${slug}?lang=en`)).text))
    assert.ok(text.includes('contradicted') && text.includes('It was tested, and the result speaks against it.'), slug)
  }
})
await test('pages lead on to the next and back, once round', async () => {
  const order = [...(await visitor.get('/learn?lang=en')).text.matchAll(/<li lang="en">\s*<h3><a href="\/learn\/([^"]+)"/g)].map((m) => m[1])
  assert.deepEqual([...order].sort(), slugs)
  const first = (await visitor.get(`/learn/${order[0]}`)).text
  assert.ok(!first.includes('rel="prev"') && first.includes(`href="/learn/${order[1]}" rel="next"`))
  const last = (await visitor.get(`/learn/${order.at(-1)}`)).text
  assert.ok(!last.includes('rel="next"') && last.includes(`href="/learn/${order.at(-2)}" rel="prev"`))
})
await test('for search engines: description, JSON-LD, sitemap', async () => {
  const html = (await visitor.get('/learn/lactic-acid?lang=en')).text
  assert.ok(html.includes(`<meta name="description" content="${field('lactic-acid', 'summary')}">`))
  assert.match(html, /<title>\s*Lactic acid · Harbour Hands/)
  const data = jsonld(html)
  assert.equal(data['@type'], 'WebPage')
  assert.equal(data.lastReviewed, '2026-11-22')
  assert.equal(data.inLanguage, 'en')
  assert.equal(data.citation[0].identifier, 'doi:10.1249/MSS.0b013e3181c9214f')
  assert.equal(jsonld((await visitor.get('/learn?lang=es')).text)['@type'], 'CollectionPage')
  const sitemap = (await visitor.get('/sitemap.xml')).text
  for (const slug of slugs) assert.ok(sitemap.includes(`/learn/${slug}</loc>`))
})
await test('no page of that name; nothing personal for who is not signed in', async () => {
  assert.equal((await visitor.get('/learn/nothing-here')).status, 404)
  assert.equal((await visitor.get('/learn/Lactic-Acid')).status, 404)
  assert.ok(!(await visitor.get('/learn/sleep?lang=en')).text.includes('Your own figure'))
})

// ---- who may write ----

await test('owner and therapist may, the desk and strangers may not', async () => {
  for (const path of ['/staff/learn', '/staff/learn/sleep', '/staff/learn/add', '/staff/learn/sleep/history']) {
    assert.equal((await owner.get(path)).status, 200, path)
    assert.equal((await therapist.get(path)).status, 200, path)
    assert.equal((await desk.get(path)).status, 403, path)
    assert.equal((await visitor.get(path)).status, 303, path)
  }
  for (const path of ['/staff/learn/sleep', '/staff/learn/sleep/hide', '/staff/learn/sleep/preview', '/staff/learn/add']) {
    assert.equal((await desk.post(path, { hidden: '1' })).status, 403, path)
  }
  assert.equal((await owner.post('/staff/learn/sleep/hide', { hidden: '1' }, { Origin: 'https://evil.example' })).status, 403)
  assert.ok(!(await desk.get('/staff')).text.includes('href="/staff/learn"'))
  assert.ok((await therapist.get('/staff')).text.includes('href="/staff/learn"'))
})

// ---- writing ----

const EDIT = '/staff/learn/lactic-acid?in=en'
const ACTION = '/staff/learn/lactic-acid'
const fieldsNow = async (browser = owner, at = EDIT, action = ACTION) => formOf((await browser.get(at)).text, action)

await test('the form shows the page as it stands, and saving it untouched changes nothing', async () => {
  const fields = Object.fromEntries(await fieldsNow())
  assert.equal(fields.title, 'Lactic acid')
  assert.equal(fields.kind, 'claim')
  assert.equal(fields.theme, 'fluids')
  assert.equal(fields.grade, 'contradicted')
  assert.equal(fields.reviewed, '2026-11-22')
  assert.match(fields.references, /^Wiltshire EV and colleagues; 2010; n=12; doi:10\.1249\//)
  const answer = await owner.post(ACTION, await fieldsNow())
  assert.equal(answer.status, 303)
  assert.match((await owner.get('/staff/learn/lactic-acid/history?in=en')).text, /No versions yet/)
})
await test('a preview shows the text and saves nothing', async () => {
  const fields = changed(await fieldsNow(), { body: '## A new heading\n\nWords with **weight**.', title: 'A new title' })
  const page = await owner.post(`${ACTION}/preview`, fields)
  assert.equal(page.status, 200)
  assert.match(page.text, /Nothing is saved yet/)
  assert.match(page.text, /<h2>A new heading<\/h2>\s*<p>Words with <strong>weight<\/strong>/)
  assert.equal(Object.fromEntries(formOf(page.text, ACTION)).title, 'A new title')
  assert.ok(!(await visitor.get('/learn/lactic-acid?lang=en')).text.includes('A new title'))
})
await test('what is wrong is said beside its field, and nothing is lost or saved', async () => {
  const fields = changed(await fieldsNow(), { references: 'Nobody\nSomebody; 2001', reviewed: '', grade: '', body: 'My words stay.' })
  const page = await owner.post(ACTION, fields)
  assert.equal(page.status, 422)
  assert.match(errorOf(page.text, 'references'), /^Line 1: the year is missing/)
  assert.ok(errorOf(page.text, 'reviewed') && errorOf(page.text, 'grade'))
  assert.equal(Object.fromEntries(formOf(page.text, ACTION)).body, 'My words stay.')
  assert.ok(!(await visitor.get('/learn/lactic-acid?lang=en')).text.includes('My words stay'))
  const second = await owner.post(ACTION, changed(await fieldsNow(), { references: 'A B; 2001; J Test\nC D; 2002' }))
  assert.match(errorOf(second.text, 'references'), /^Line 2: please add the journal/)
})
await test('nothing harmful reaches the page', async () => {
  const body = '<script>alert(1)</script>\n\n[a](javascript:alert(1)) ![b](https://evil.example/x.png) <img src=x onerror=alert(1)>\n\n[c](https://good.example/)'
  const saved = await owner.post(ACTION, changed(await fieldsNow(), { body, summary: 'Sum "mary" <b>', title: 'T <i>"x"' }))
  assert.equal(saved.status, 303)
  const html = (await visitor.get('/learn/lactic-acid?lang=en')).text
  assert.ok(main(html).includes('&lt;script&gt;alert(1)&lt;/script&gt;'))
  assert.ok(!/<script>|<img|href="javascript|<i>|onerror=alert\(1\)>/.test(html))
  assert.ok(html.includes('<a href="https://good.example/" rel="noopener">c</a>'))
  assert.equal(jsonld(html).description, 'Sum "mary" <b>')
})
await test('the practice’s text stands in this language only; the other stays Balm’s', async () => {
  assert.ok((await visitor.get('/learn/lactic-acid?lang=es')).text.includes(field('lactic-acid', 'summary', 'es')))
  const list = (await owner.get('/staff/learn?lang=en')).text
  assert.match(list, /T &lt;i&gt;&quot;x&quot;<\/b><span><span class="tag mixed">your text/)
})
await test('who saves over another’s newer text is told, loses nothing, and may still save', async () => {
  const mine = changed(await fieldsNow(owner), { body: 'What Ana wrote.' })
  const theirs = changed(await fieldsNow(therapist), { body: 'What Ben wrote.' })
  assert.equal((await therapist.post(ACTION, theirs)).status, 303)
  const page = await owner.post(ACTION, mine)
  assert.equal(page.status, 409)
  const text = words(page.text)
  assert.ok(text.includes('Somebody saved this page meanwhile') && text.includes('Ben Ota'))
  const again = formOf(page.text, ACTION)
  assert.equal(Object.fromEntries(again).body, 'What Ana wrote.')
  assert.ok((await visitor.get('/learn/lactic-acid?lang=en')).text.includes('What Ben wrote.'))
  assert.equal((await owner.post(ACTION, again)).status, 303)
  assert.ok((await visitor.get('/learn/lactic-acid?lang=en')).text.includes('What Ana wrote.'))
})
await test('the history keeps everything; a version is looked at and brought back', async () => {
  const list = await owner.get('/staff/learn/lactic-acid/history?in=en')
  const versions = [...list.text.matchAll(/href="([^"]*&amp;n=\d+)"/g)].map((m) => decode(m[1]))
  assert.equal(versions.length, 3)
  assert.ok(words(list.text).includes('Ben Ota') && words(list.text).includes('Ana Reyes'))
  const bens = versions.find((v) => v.endsWith('n=2'))
  const page = await owner.get(bens)
  assert.ok(page.text.includes('What Ben wrote.'))
  const restored = await owner.post('/staff/learn/lactic-acid/restore', formOf(page.text, '/staff/learn/lactic-acid/restore'))
  assert.equal(restored.status, 303)
  assert.ok((await visitor.get('/learn/lactic-acid?lang=en')).text.includes('What Ben wrote.'))
  assert.equal((await owner.get('/staff/learn/lactic-acid/history?in=en&n=99')).status, 404)
  assert.ok(!(await owner.get(versions[0])).text.includes('What Ben wrote.'), 'the version of before stays as it was')
})
await test('back to Balm’s own text', async () => {
  const page = (await owner.get(EDIT)).text
  assert.equal((await owner.post(`${ACTION}/reset`, formOf(page, `${ACTION}/reset`))).status, 303)
  assert.ok((await visitor.get('/learn/lactic-acid?lang=en')).text.includes(field('lactic-acid', 'summary')))
  assert.ok(!(await owner.get(EDIT)).text.includes(`${ACTION}/reset"`))
})
await test('a hidden page is gone for visitors everywhere, and comes back', async () => {
  const page = (await therapist.get('/staff/learn/swelling?in=en')).text
  assert.equal((await therapist.post('/staff/learn/swelling/hide', formOf(page, '/staff/learn/swelling/hide'))).status, 303)
  for (const lang of ['en', 'es']) {
    assert.equal((await visitor.get(`/learn/swelling?lang=${lang}`)).status, 404)
    assert.ok(!main((await visitor.get(`/learn?lang=${lang}`)).text).includes('/learn/swelling"'))
    assert.ok(!(await visitor.get(`/?lang=${lang}`)).text.includes('/learn/swelling"'))
  }
  assert.ok(!(await visitor.get('/sitemap.xml')).text.includes('/learn/swelling'))
  const hidden = (await owner.get('/staff/learn/swelling?in=es&lang=en')).text
  assert.match(hidden, /Show this page/)
  assert.equal((await owner.post('/staff/learn/swelling/hide', formOf(hidden, '/staff/learn/swelling/hide'))).status, 303)
  assert.equal((await visitor.get('/learn/swelling?lang=es')).status, 200)
})
await test('a page of one’s own, in one language and then in the other', async () => {
  const add = formOf((await owner.get('/staff/learn/add?in=es')).text, '/staff/learn/add')
  const guide = { title: 'Nuestra camilla, ¡caliente!', kind: 'guide', theme: '', grade: '', summary: 'Qué hace el calor.', body: '## Calor\n\nTexto nuestro.', reviewed: '2026-11-20' }
  const wrong = await owner.post('/staff/learn/add', changed(add, { ...guide, grade: 'weak' }))
  assert.equal(wrong.status, 422)
  assert.ok(errorOf(wrong.text, 'grade'))
  const made = await owner.post('/staff/learn/add', changed(add, guide))
  assert.equal(made.status, 303)
  assert.equal(made.headers.location, '/staff/learn/nuestra-camilla-caliente?did=added&in=es')
  const page = (await visitor.get('/learn/nuestra-camilla-caliente?lang=en')).text
  assert.ok(words(page).includes('This page exists in Spanish only.'))
  assert.match(page, /<h1 lang="es">/)
  assert.ok((await visitor.get('/learn?lang=en')).text.includes('/learn/nuestra-camilla-caliente'))
  assert.ok((await visitor.get('/sitemap.xml')).text.includes('/learn/nuestra-camilla-caliente'))

  const at = '/staff/learn/nuestra-camilla-caliente'
  const english = Object.fromEntries(formOf((await owner.get(`${at}?in=en`)).text, at))
  assert.equal(english.reviewed, '2026-11-20', 'what needs no translation is there already')
  assert.equal(english.body, '')
  assert.equal((await owner.post(at, { ...english, title: 'Our heated table', summary: 'What warmth does.', body: 'Our words.' })).status, 303)
  assert.ok(!(await visitor.get('/learn/nuestra-camilla-caliente?lang=en')).text.includes('exists in Spanish only'))
  const twin = await owner.post('/staff/learn/add', changed(add, guide))
  assert.match(twin.headers.location, /nuestra-camilla-caliente-2/)
})
await test('a page has at most 32 kB', async () => {
  const page = await owner.post(ACTION, changed(await fieldsNow(), { body: 'ñ'.repeat(16300) }))
  assert.equal(page.status, 422)
  assert.match(errorOf(page.text, 'body'), /too long/)
  assert.equal((await owner.post(ACTION, changed(await fieldsNow(), { body: 'x'.repeat(200000) }))).status, 413)
})
await test('each change stands in the audit trail', async () => {
  const text = words((await owner.get('/staff/audit?lang=en')).text)
  for (const what of ['Learn page saved', 'Learn page back to Balm’s text', 'Learn page hidden', 'Learn page shown again']) assert.ok(text.includes(what), what)
  assert.ok(text.includes('lactic-acid') && text.includes('Ben Ota'))
})
await test('how long pages take', async () => {
  for (const path of ['/learn', '/learn/chronic-pain', '/']) {
    await visitor.get(path)
    const times = []
    for (let i = 0; i < 30; i++) { const t = performance.now(); await visitor.get(path); times.push(performance.now() - t) }
    times.sort((a, b) => a - b)
    console.log(`${path}: ${times[15].toFixed(2)} ms`)
    assert.ok(times[15] < 100, path)
  }
})
await test('the data is sound, and the server ends well', async () => {
  const check = server.run(['check'])
  assert.equal(check.code, 0, check.stdout + check.stderr)
  assert.equal((await server.stop()).code, 0)
  assert.deepEqual(server.log.filter((line) => /level=(error|fatal)/.test(line)), [])
})
server.remove()
end()
