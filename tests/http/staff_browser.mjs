// What a browser without JavaScript does on the staff's pages: sign in, keep cookies, read a form as it
// stands, send it. Accounts of the test practice: an owner, a therapist, a desk.
//
//   const { server, Browser, signedIn, passwords, ORIGIN } = await staffServer()
import assert from 'node:assert/strict'
import { makeClient, start } from './server.mjs'

export const SLUG = 'harbour-hands'

export const passwords = {
  'ana@harbour.example': 'quiet-owner-room',
  'ben@harbour.example': 'quiet-therapist-room',
  'desk@harbour.example': 'quiet-desk-room',
  'second@harbour.example': 'quiet-second-owner',
}

const accounts = [
  ['ana@harbour.example', 'owner', 'Ana Reyes'],
  ['ben@harbour.example', 'therapist', 'Ben Ota'],
  ['desk@harbour.example', 'desk', 'Dora Desk'],
]

/** A count of tests, each told where it fails. */
export function tests() {
  const count = { passed: 0, failed: 0 }
  async function test(name, body) {
    try {
      await body()
      count.passed++
    } catch (error) {
      count.failed++
      console.log(`FAILED ${name}\n  ${String(error.stack ?? error).split('\n').slice(0, 8).join('\n  ')}`)
    }
  }
  const end = () => {
    console.log(`${count.passed} passed, ${count.failed} failed`)
    process.exit(count.failed ? 1 : 0)
  }
  return { test, end }
}

export async function staffServer(options) {
  const server = await start(options)
  const send = makeClient(server.port)
  const ORIGIN = server.url
  for (const [email, role, name] of accounts) {
    const done = server.run(['user', 'add', email, '--practice', SLUG, '--role', role, '--name', name], passwords[email] + '\n')
    assert.equal(done.code, 0, `user add ${email}: ${done.stderr}`)
  }

  class Browser {
    cookies = new Map()
    async go(method, path, body, headers = {}) {
      const all = { ...headers }
      if (this.cookies.size) all.Cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ')
      if (method === 'POST') {
        all.Origin ??= ORIGIN
        if (all.Origin === 'none') delete all.Origin
        if (!all['Content-Type']) all['Content-Type'] = 'application/x-www-form-urlencoded'
      }
      const raw = typeof body === 'string' || Buffer.isBuffer(body)
      const text = body === undefined ? undefined : raw ? body : new URLSearchParams(body).toString()
      const answer = await send(method, path, { body: method === 'POST' ? text ?? '' : undefined, headers: all })
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
        if (/Max-Age=0/.test(line)) this.cookies.delete(name)
        else this.cookies.set(name, value)
      }
      return answer
    }
    get(path) { return this.go('GET', path) }
    post(path, body, headers) { return this.go('POST', path, body, headers) }
    async signIn(email, password = passwords[email], next) {
      return this.post('/staff/sign-in', { email, password, ...(next ? { next } : {}) })
    }
  }

  async function signedIn(email) {
    const browser = new Browser()
    const answer = await browser.signIn(email)
    assert.equal(answer.status, 303, `sign in as ${email}: ${answer.status}`)
    return browser
  }

  return { server, send, ORIGIN, Browser, signedIn }
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"' }
export const decode = (text) => text.replace(/&(?:#(\d+)|(\w+));/g, (all, dec, name) => dec ? String.fromCodePoint(+dec) : entities[name] ?? all)
export const words = (html) => decode(html.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ')

// The form with that action as a browser would send it untouched.
export function formOf(html, action) {
  const at = html.split('<form').find((part) => part.includes(`action="${action}"`))
  assert.ok(at, `no form to ${action}`)
  const form = at.slice(0, at.indexOf('</form>'))
  const fields = []
  for (const [tag] of form.matchAll(/<input [^>]*>/g)) {
    const get = (name) => { const m = new RegExp(` ${name}="([^"]*)"`).exec(tag); return m ? decode(m[1]) : undefined }
    if (get('type') === 'checkbox' && !/ checked/.test(tag)) continue
    if (get('name')) fields.push([get('name'), get('value') ?? ''])
  }
  for (const [, name, text] of form.matchAll(/<textarea [^>]*name="([^"]*)"[^>]*>([^<]*)<\/textarea>/g)) fields.push([name, decode(text)])
  for (const [, name, options] of form.matchAll(/<select [^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gs)) {
    const all = [...options.matchAll(/<option value="([^"]*)"( selected)?/g)]
    const chosen = all.find((o) => o[2]) ?? all[0]
    if (chosen) fields.push([name, decode(chosen[1])])
  }
  return fields
}
export const changed = (fields, changes) => {
  const out = fields.filter(([name]) => !(name in changes))
  for (const [name, value] of Object.entries(changes)) for (const one of [value].flat()) out.push([name, one])
  return out
}

// What one may expect beside a field.
export const errorOf = (html, id) => { const m = new RegExp(`<p class="error" id="${id}-error">([^<]*)</p>`).exec(html); return m ? decode(m[1]) : '' }
