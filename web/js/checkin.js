// A check-in without a connection: the answer is sealed for the server, kept, and sent when the phone is
// back. Without this script, or online, the form is an ordinary form.
import { canSeal, seal, toBase64url } from './checkin/envelope.js'
import { keep, send, waiting } from './checkin/kept.js'

const TIMEOUT_MS = 15000
const form = document.querySelector('form[data-key]')
const box = document.querySelector('[data-kept]')
const isShell = 'shell' in form.dataset
const token = location.pathname.split('/')[2]

function say(what) {
  for (const line of box.querySelectorAll('[data-say]')) line.hidden = line.dataset.say !== what
  if (what) box.scrollIntoView({ block: 'nearest' })
}

const freshKey = () => toBase64url(crypto.getRandomValues(new Uint8Array(20)))

/** What was chosen, as the server reads it. */
function entryOf(data) {
  const values = Object.fromEntries([...data].filter(([name, value]) => name !== 'entry' && value !== ''))
  return JSON.stringify({ token, entry: data.get('entry') || freshKey(), at: new Date().toISOString(), values })
}

async function keepSealed(data) {
  if (!(await canSeal())) return say('unable')
  try {
    await keep(await seal(form.dataset.key, entryOf(data)))
  } catch {
    return say('unable')
  }
  const field = form.elements.namedItem('entry')
  if (field) field.value = freshKey() // what follows is another answer
  form.reset()
  say('kept')
  const registration = await navigator.serviceWorker?.getRegistration('/c/')
  await registration?.sync?.register('balm-checkin').catch(() => {})
}

/** Posts the form as it is; false where there is no way to the server. */
async function post(data) {
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(data), signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (answer.redirected) location.assign(answer.url)
    else form.submit() // the page with what is to be mended; the same entry counts once
    return true
  } catch {
    return false
  }
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const data = new FormData(form)
  if (!data.get('pain')) return say('choose')
  const button = form.querySelector('button')
  button.disabled = true
  const sent = navigator.onLine && !isShell && (await post(data))
  if (!sent) await keepSealed(data)
  button.disabled = false
  if (!sent && navigator.onLine) sendKept()
})

let sending = false
async function sendKept() {
  if (sending) return
  sending = true
  try {
    if (!(await waiting())) return
    const told = await send(form.dataset.sealed)
    if (told.refused) say('refused')
    else if (told.noted) say('sent')
    if (isShell && told.noted) document.querySelector('[data-offline]').hidden = true
  } catch {
    say('waiting')
  } finally {
    sending = false
  }
}

window.addEventListener('online', sendKept)
navigator.serviceWorker?.addEventListener('message', (event) => {
  if (event.data?.noted) say('sent')
})
sendKept()
if (form.dataset.worker && navigator.serviceWorker) {
  navigator.serviceWorker.register(form.dataset.worker, { scope: '/c/' })
    .then(() => navigator.serviceWorker.ready)
    .then((registration) => registration.active?.postMessage('fresh'))
    .catch(() => {})
}
