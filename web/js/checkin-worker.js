// The worker of the check-in pages (scope /c/). It keeps one page without anybody's data, and its style
// and script, and shows it where a check-in is opened without a connection. Personal pages are never kept.
import { send } from './checkin/kept.js'

const CACHE = 'balm-checkin-1'
const LANGUAGES = ['en', 'es']
const shellOf = (lang) => `/c/shell?lang=${lang}`
const CHECK_IN = /^\/c\/[A-Za-z0-9_-]{27}\/?$/

/** Fetches the shells, and what they name, anew. */
async function refresh() {
  const cache = await caches.open(CACHE)
  const wanted = new Set()
  for (const lang of LANGUAGES) {
    const answer = await fetch(shellOf(lang), { cache: 'no-store', credentials: 'omit' })
    if (!answer.ok) return
    const text = await answer.clone().text()
    for (const [, path] of text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)) wanted.add(path)
    await cache.put(shellOf(lang), answer)
  }
  for (const path of wanted) {
    if (!(await cache.match(path))) await cache.add(path)
  }
  for (const kept of await cache.keys()) {
    const { pathname } = new URL(kept.url)
    if (pathname.startsWith('/static/') && !wanted.has(pathname)) await cache.delete(kept)
  }
}

async function shell() {
  const lang = navigator.language.startsWith('es') ? 'es' : 'en'
  return (await caches.match(shellOf(lang))) ?? Response.error()
}

self.addEventListener('install', (event) => {
  self.skipWaiting()
  event.waitUntil(refresh())
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  if (event.data === 'fresh') event.waitUntil(refresh().catch(() => {}))
})

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin) return
  if (event.request.mode === 'navigate' && CHECK_IN.test(pathname)) {
    event.respondWith(fetch(event.request).catch(shell))
  } else if (pathname.startsWith('/static/')) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)))
  }
})

self.addEventListener('sync', (event) => {
  if (event.tag !== 'balm-checkin') return
  event.waitUntil((async () => {
    const told = await send('/c/sealed')
    if (!told.noted) return
    for (const client of await self.clients.matchAll()) client.postMessage(told)
  })())
})
