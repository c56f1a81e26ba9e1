// Starts Caddy and nginx with the very files in deploy/, of which only paths, ports and addresses are
// substituted (and, for Caddy, `tls internal` is added: a test has no public name to get a certificate for).
import assert from 'node:assert'
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import net from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { root } from '../http/server.mjs'

export const HOST = 'www.example.org'
export const deployFile = (name) => readFileSync(join(root, 'deploy', name), 'utf8')
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

const running = new Set()
process.on('exit', () => { for (const child of running) child.kill('SIGKILL') })

export function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

export function freePort() {
  return new Promise((done, failed) => {
    const server = net.createServer()
    server.on('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => done(port))
    })
  })
}

// Every pair must be there: an example that changes must not silently lose its test.
export function substitute(text, pairs) {
  for (const [from, to] of pairs) {
    assert.ok(text.includes(from), `the example has no ${JSON.stringify(from)} any more`)
    text = text.replaceAll(from, to)
  }
  return text
}

export function launch(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options })
  running.add(child)
  const said = []
  child.stderr.on('data', (chunk) => { said.push(chunk.toString()); if (said.length > 500) said.shift() })
  const exited = new Promise((done) => child.on('exit', (code, signal) => { running.delete(child); done(signal ?? code) }))
  return {
    pid: child.pid,
    said: () => said.join(''),
    how: () => `exit ${child.signalCode ?? child.exitCode}`,
    ended: () => child.exitCode !== null || child.signalCode !== null,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const timer = setTimeout(() => child.kill('SIGKILL'), 15000)
      const result = await exited
      clearTimeout(timer)
      return result
    },
  }
}

export async function waitFor(what, condition, ms = 20000) {
  const until = Date.now() + ms
  for (;;) {
    const value = await condition()
    if (value) return value
    assert.ok(Date.now() < until, `waited in vain for ${what}`)
    await sleep(50)
  }
}

const answers = (port) => new Promise((done) => {
  const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true) })
  socket.on('error', () => done(false))
})

// What both have in common: asking them over TLS as the host they serve, trusting only their own root.
class Front {
  constructor(name, dir, process, httpPort, httpsPort, readCa) {
    Object.assign(this, { name, dir, process, httpPort, httpsPort, readCa })
    this.origin = `https://${HOST}:${httpsPort}`
  }

  get ca() { return (this.root ??= readFileSync(this.readCa)) }

  // from: the visitor's own address, so that several visitors can be told apart.
  ask(path, { method = 'GET', headers = {}, body, from = '127.0.0.1', plain = false } = {}) {
    const all = { Host: `${HOST}:${plain ? this.httpPort : this.httpsPort}`, ...headers }
    if (body !== undefined) all['Content-Length'] = Buffer.byteLength(body)
    else if (method === 'POST') all['Content-Length'] = 0
    const at = { host: '127.0.0.1', port: plain ? this.httpPort : this.httpsPort, localAddress: from, path, method, headers: all, agent: false }
    return new Promise((done, failed) => {
      const sent = (plain ? http : https).request({ ...at, servername: HOST, ca: plain ? undefined : this.ca }, (response) => {
        const chunks = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('error', failed)
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          done({ status: response.statusCode, headers: response.headers, bytes, text: bytes.toString('utf8') })
        })
      })
      sent.setTimeout(20000, () => sent.destroy(new Error(`${this.name}: no answer for ${path}`)))
      sent.on('error', failed)
      sent.end(body)
    })
  }

  json(path, value, options = {}) {
    return this.ask(path, { method: 'POST', body: JSON.stringify(value), ...options, headers: { 'Content-Type': 'application/json', ...options.headers } })
  }

  form(path, fields, options = {}) {
    return this.ask(path, { method: 'POST', body: new URLSearchParams(fields).toString(), ...options,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: this.origin, 'Sec-Fetch-Site': 'same-origin', ...options.headers } })
  }

  // One request over HTTP/2.
  h2(path, { method = 'GET', headers = {}, body } = {}) {
    return new Promise((done, failed) => {
      const session = http2.connect(this.origin, { ca: this.ca, servername: HOST,
        createConnection: () => tls.connect({ host: '127.0.0.1', port: this.httpsPort, servername: HOST, ca: this.ca, ALPNProtocols: ['h2'] }) })
      session.on('error', failed)
      const stream = session.request({ ':method': method, ':path': path, ...headers })
      let head
      const chunks = []
      stream.on('response', (h) => { head = h })
      stream.on('data', (chunk) => chunks.push(chunk))
      stream.on('error', failed)
      stream.on('end', () => { session.close(); done({ status: head[':status'], headers: head, text: Buffer.concat(chunks).toString('utf8') }) })
      stream.end(body)
    })
  }

  // A stream of server-sent events: each piece with the time at which it came.
  listen(path, headers) {
    const pieces = []
    let request
    const opened = new Promise((done, failed) => {
      request = https.get({ host: '127.0.0.1', port: this.httpsPort, path, servername: HOST, ca: this.ca, agent: false,
        headers: { Host: `${HOST}:${this.httpsPort}`, Accept: 'text/event-stream', ...headers } }, (response) => {
        response.on('data', (chunk) => pieces.push({ at: Date.now(), text: chunk.toString() }))
        response.on('error', () => {})
        done(response)
      })
      request.on('error', failed)
      setTimeout(() => failed(new Error(`${this.name}: the stream did not begin, it is held back`)), 5000).unref()
    })
    return { opened, pieces, text: () => pieces.map((p) => p.text).join(''), close: () => request.destroy() }
  }

  async stop() {
    await this.process.stop()
  }
}

// upstream: {unix: PATH} or {tcp: 'ADDRESS:PORT'}
export async function startCaddy(dir, upstream) {
  mkdirSync(dir, { recursive: true })
  const httpPort = await freePort()
  const httpsPort = await freePort()
  const address = upstream.unix ? `unix/${upstream.unix}` : upstream.tcp
  const site = substitute(deployFile('Caddyfile'), [
    ['unix//run/balm/balm.sock', address],
    [`${HOST} {`, `${HOST} {\n\ttls internal`],
  ])
  const file = join(dir, 'Caddyfile')
  writeFileSync(file, `{\n\tadmin off\n\tskip_install_trust\n\thttp_port ${httpPort}\n\thttps_port ${httpsPort}\n` +
    `\tdefault_bind 127.0.0.1\n\tstorage file_system ${dir}/data\n}\n${site}`)
  const process = launch('caddy', ['run', '--config', file, '--adapter', 'caddyfile'],
    { env: { PATH: globalThis.process.env.PATH, HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir } })
  const front = new Front('caddy', dir, process, httpPort, httpsPort, join(dir, 'data/pki/authorities/local/root.crt'))
  await waitFor(`Caddy:\n${process.said()}`, async () => {
    assert.ok(!process.ended(), `Caddy ended:\n${process.said()}`)
    return front.ask('/healthz').then((r) => r.status === 200, () => false)
  })
  return front
}

export async function startNginx(dir, upstream) {
  for (const sub of ['acme/.well-known/acme-challenge', 'temp']) mkdirSync(join(dir, sub), { recursive: true })
  const httpPort = await freePort()
  const httpsPort = await freePort()
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`, '-keyout', join(dir, 'privkey.pem'), '-out', join(dir, 'fullchain.pem')])
  assert.strictEqual(made.status, 0, String(made.stderr))
  const site = substitute(deployFile('nginx.conf'), [
    ['unix:/run/balm/balm.sock', upstream.unix ? `unix:${upstream.unix}` : upstream.tcp],
    ['listen 80;', `listen 127.0.0.1:${httpPort};`],
    ['listen [::]:80;', `listen 127.0.0.2:${httpPort};`],
    ['listen 443 ssl http2;', `listen 127.0.0.1:${httpsPort} ssl http2;`],
    ['listen [::]:443 ssl http2;', `listen 127.0.0.2:${httpsPort} ssl http2;`],
    [`/etc/letsencrypt/live/${HOST}/`, `${dir}/`],
    ['/var/log/nginx/balm.log', `${dir}/access.log`],
    ['/var/www/html', `${dir}/acme`],
  ])
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `    ${n}_temp_path ${dir}/temp/${n};`).join('\n')
  // Around it: what Debian's own nginx.conf puts around a site, as far as it matters (gzip is on there).
  writeFileSync(join(dir, 'site.conf'), site)
  writeFileSync(join(dir, 'nginx.conf'), `daemon off;\npid ${dir}/nginx.pid;\nerror_log stderr warn;\nworker_processes 1;\n` +
    `events {}\nhttp {\n${temp}\n    access_log off;\n    gzip on;\n    include ${dir}/site.conf;\n}\n`)
  const process = launch('nginx', ['-p', dir, '-c', join(dir, 'nginx.conf')])
  await waitFor('nginx', async () => {
    assert.ok(!process.ended(), `nginx ended:\n${process.said()}`)
    return answers(httpsPort)
  })
  return new Front('nginx', dir, process, httpPort, httpsPort, join(dir, 'fullchain.pem'))
}
