// What the tests of a client's own page and of the therapist's page of it share: a practice that `balm demo`
// has filled with clients who tell how they are, a browser without JavaScript, the database read beside it.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { balmPath } from './server.mjs'

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

export const people = {
  owner: ['ana@balancedbody.example', 'calm-hands-ana'],
  therapist: ['tomas@balancedbody.example', 'calm-hands-tomas'],
  desk: ['desk@balancedbody.example', 'calm-hands-desk'],
}

/** Fills a folder as `balm demo` does, for `start({ dir })`: {dir, links: {words: "/my/TOKEN"}}. */
export async function filledPractice(clock) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'balm-care-'))
  const child = spawn(balmPath(), ['demo', '--dir', dir, '--listen', '127.0.0.1:0'],
    { env: { ...process.env, BALM_CLOCK: clock, BALM_LIMITS: 'off' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let ended = false
  child.stdout.on('data', (bytes) => { out += bytes })
  child.stderr.resume()
  const exited = new Promise((done) => child.on('exit', () => { ended = true; done() }))
  for (const until = Date.now() + 120000; !/Ctrl-C/.test(out); await sleep(50))
    if (ended || Date.now() > until) throw new Error(`the demonstration did not start: ${out}`)
  child.kill('SIGTERM')
  await exited
  const links = Object.fromEntries([...out.matchAll(/^ {2}(\S.*?) {2,}http:\/\/[^/]+(\/my\/\S+)$/gm)].map((m) => [m[1], m[2]]))
  return { dir, links }
}

/** A browser without JavaScript that keeps its cookies. */
export class Browser {
  constructor(server) {
    this.server = server
    this.jar = new Map()
  }
  go(method, target, { form, headers = {}, host } = {}) {
    const body = form && new URLSearchParams(form).toString()
    const all = { 'Accept-Language': 'en', ...headers }
    if (host) all.Host = host
    if (method === 'POST') {
      all.Origin ??= host ? `http://${host}` : this.server.url
      all['Content-Type'] = 'application/x-www-form-urlencoded'
      all['Content-Length'] = Buffer.byteLength(body ?? '')
    }
    if (this.jar.size) all.Cookie = [...this.jar].map(([k, v]) => `${k}=${v}`).join('; ')
    return new Promise((done, fail) => {
      const req = http.request(this.server.url + target, { method, headers: all, agent: false }, (res) => {
        const parts = []
        res.on('data', (part) => parts.push(part))
        res.on('end', () => {
          for (const line of res.headers['set-cookie'] ?? []) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
            if (/Max-Age=0/.test(line)) this.jar.delete(name)
            else this.jar.set(name, value)
          }
          const text = Buffer.concat(parts).toString('utf8')
          const plain = text.replace(/<(style|script|svg)[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]*>/g, ' ')
            .replace(/&#39;/g, '’').replace(/&amp;/g, '&').replace(/\s+/g, ' ')
          done({ status: res.statusCode, headers: res.headers, to: res.headers.location, text, words: plain })
        })
      })
      req.on('error', fail)
      req.end(body)
    })
  }
  get(target, options) { return this.go('GET', target, options) }
  post(target, form = {}, options) { return this.go('POST', target, { form, ...options }) }
  /** In by a link; the page that it leads to. */
  async enter(link) {
    const answer = await this.get(link)
    assert.equal(answer.status, 303, `${link}: ${answer.status}`)
    assert.equal(answer.to, '/my')
    return this.get('/my')
  }
  async signIn(who) {
    const [email, password] = people[who]
    const answer = await this.post('/staff/sign-in', { email, password })
    assert.equal(answer.status, 303, `signing in as ${email}: ${answer.status}`)
    return this
  }
}

export function asker(server) {
  return (query) => {
    const done = spawnSync('sqlite3', ['-readonly', '-json', path.join(server.dir, 'balm.db'), query], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
    return done.stdout.trim() ? JSON.parse(done.stdout) : []
  }
}

/** Letters so far: {to, text, file}. */
export function letters(server) {
  const folder = path.join(server.dir, 'mail')
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder).filter((name) => name.endsWith('.eml')).sort().map((file) => {
    const source = fs.readFileSync(path.join(folder, file), 'utf8')
    const text = source.replace(/=\r?\n/g, '').replace(/=3D/g, '=')
    return { file, to: /^To:\s*(.*)$/mi.exec(source)?.[1] ?? '', text }
  })
}

export async function until(what, condition, ms = 15000) {
  for (const end = Date.now() + ms; ; await sleep(50)) {
    const value = await condition()
    if (value) return value
    if (Date.now() > end) throw new Error(`${what}: waited in vain`)
  }
}

/** RFC 4180, as a spreadsheet reads it. */
export function readCsv(text) {
  const rows = [[]]
  let at = 0
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      for (at++; !(text[at] === '"' && text[at + 1] !== '"'); at++) {
        if (at >= text.length) throw new Error('an open quote')
        if (text[at] === '"') at++
        cell += text[at]
      }
      at++
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        if (text[at] === '"' || text[at] === '\n') throw new Error(`a bare ${JSON.stringify(text[at])}`)
        cell += text[at++]
      }
    }
    rows.at(-1).push(cell)
    if (text[at] === ',') {
      at++
    } else if (text.startsWith('\r\n', at)) {
      at += 2
      if (at < text.length) rows.push([])
    } else if (at < text.length) {
      throw new Error(`after a cell: ${JSON.stringify(text.slice(at, at + 9))}`)
    }
  }
  return rows
}
