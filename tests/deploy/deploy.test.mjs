// The examples in deploy/, started for real: Caddy and nginx in front of the program, over the socket that
// systemd would pass and over TCP; the systemd units read by systemd's own tools; a backup taken while the
// program serves. node deploy.test.mjs [WORD]: only the tests whose name has the word.
import assert from 'node:assert'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { balmPath, makeClient, practiceFile, start } from '../http/server.mjs'
import { deployFile, freePort, has, HOST, launch, startCaddy, startNginx, substitute, waitFor } from './fronts.mjs'

const CLOCK = '2026-03-02T12:00:00Z' // a Monday, seven in the morning where the practice is
const OWNER = { email: 'ana@harbour.example', password: 'a long enough password' }
const HOLDS_AT_ONCE = 12 // LIMIT_HOLDS_PER_10_MIN_ADDRESS
const balm = balmPath()
const top = mkdtempSync(join(tmpdir(), 'balm-deploy-'))
chmodSync(top, 0o755) // nginx's worker is another account
const tests = {}
const skipped = []
const skip = (why) => { skipped.push(why); console.log(`      skipped: ${why}`) }

// ---- a database of its own, and the program on it, as its unit starts it ----

const environment = () => {
  const { BALM_DB, BALM_LIMITS, LISTEN_FDS, LISTEN_PID, ...env } = process.env
  return { ...env, BALM_CLOCK: CLOCK }
}

function command(db, args, input = '') {
  const done = spawnSync(balm, [...args, '--db', db], { env: environment(), input, encoding: 'utf8', timeout: 120000 })
  return { code: done.status, stdout: done.stdout, stderr: done.stderr }
}

function prepare(dir) {
  mkdirSync(dir, { recursive: true })
  const db = `sqlite:${join(dir, 'balm.db')}`
  const practice = JSON.parse(readFileSync(practiceFile, 'utf8'))
  practice.hosts = [HOST]
  writeFileSync(join(dir, 'practice.json'), JSON.stringify(practice))
  const applied = command(db, ['apply', join(dir, 'practice.json')])
  assert.strictEqual(applied.code, 0, applied.stderr)
  const added = command(db, ['user', 'add', OWNER.email, '--practice', practice.slug, '--role', 'owner'], `${OWNER.password}\n`)
  assert.strictEqual(added.code, 0, added.stderr)
  return { db, name: practice.name }
}

// The words after `serve` in the unit, with its variables filled in.
function serveWords(values) {
  const line = /^ExecStart=\/usr\/local\/bin\/balm serve (.*)$/m.exec(deployFile('balm.service'))
  assert.ok(line, 'balm.service starts something else')
  return line[1].split(' ').map((word) => word.replace(/\$\{(\w+)\}/g, (_, name) => {
    assert.ok(name in values, `balm.service needs ${name}`)
    return values[name]
  }))
}

function serveOptions(dir) {
  return [...serveWords({}), '--mail', `dir:${dir}/mail`]
}

// What systemd does for a socket unit: listens, passes the socket as descriptor 3.
const ACTIVATE = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.bind(sys.argv[1]); os.chmod(sys.argv[1], 0o666); s.listen(1024)
if s.fileno() != 3: os.dup2(s.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])`

const overUnix = (path) => new Promise((done) => {
  http.get({ socketPath: path, path: '/healthz', agent: false }, (r) => { r.resume(); done(r.statusCode === 200) }).on('error', () => done(false))
})

async function serveActivated(dir) {
  const { db, name } = prepare(dir)
  const path = join(dir, 'balm.sock')
  const server = launch('python3', ['-c', ACTIVATE, path, balm, 'serve', ...serveOptions(dir)], { env: { ...environment(), BALM_DB: db }, cwd: dir })
  await waitFor('the program on its socket', () => { assert.ok(!server.ended(), `${server.how?.()}\n${server.said()}`); return overUnix(path) })
  return { ...server, db, name, upstream: { unix: path } }
}

async function serveTcp(dir, words = serveOptions(dir)) {
  const { db, name } = prepare(dir)
  const port = await freePort()
  const server = launch(balm, ['serve', '--listen', `127.0.0.1:${port}`, ...words], { env: { ...environment(), BALM_DB: db }, cwd: dir })
  await waitFor('the program on its port', () => {
    assert.ok(!server.ended(), `${server.how?.()}\n${server.said()}`)
    return makeClient(port, new http.Agent())('GET', '/healthz').then((r) => r.status === 200, () => false)
  })
  return { ...server, db, name, port, upstream: { tcp: `127.0.0.1:${port}` } }
}

// ---- what must be true of a page that comes through a proxy ----

async function checkPages(front, name) {
  const page = await front.ask('/')
  assert.strictEqual(page.status, 200)
  assert.ok(page.text.includes(name), 'the practice is not on its page')
  assert.match(page.headers['content-security-policy'], /default-src 'none'/)
  assert.strictEqual(page.headers['x-content-type-options'], 'nosniff')
  assert.match(page.headers['strict-transport-security'] ?? 'none', /max-age=31536000/, 'Balm was not told of https')
  assert.ok(!/\d/.test(page.headers.server ?? ''), `the proxy tells its version: ${page.headers.server}`)
  assert.ok(page.text.includes(`${front.origin}/`) || !page.text.includes(`http://${HOST}`), 'links lead to plain http')

  const small = await front.ask('/', { headers: { 'Accept-Encoding': 'gzip' } })
  assert.strictEqual(small.headers['content-encoding'], 'gzip')
  assert.ok(small.bytes.length < page.bytes.length)

  const asset = /href="(\/static\/[^"]+\.css)"/.exec(page.text)
  assert.ok(asset, 'the page has no stylesheet')
  const style = await front.ask(asset[1])
  assert.strictEqual(style.status, 200)
  assert.match(style.headers['cache-control'], /immutable/)
  const again = await front.ask(asset[1], { headers: { 'If-None-Match': style.headers.etag } })
  assert.strictEqual(again.status, 304)

  assert.strictEqual((await front.ask('/b/no-such-token')).status, 404)
  const two = await front.h2('/')
  assert.strictEqual(two.status, 200)
}

async function checkPlain(front) {
  const plain = await front.ask('/services?x=1', { plain: true })
  assert.ok([301, 308].includes(plain.status), `plain http: ${plain.status}`)
  assert.match(plain.headers.location, new RegExp(`^https://${HOST}(:${front.httpsPort})?/services\\?x=1$`))
  if (front.name !== 'nginx') return
  writeFileSync(join(front.dir, 'acme/.well-known/acme-challenge/proof'), 'yes')
  assert.strictEqual((await front.ask('/.well-known/acme-challenge/proof', { plain: true })).text, 'yes')
}

async function signIn(front, headers = {}) {
  return front.form('/staff/sign-in', OWNER, { headers })
}

async function checkSignIn(front) {
  const outside = await front.ask('/staff')
  assert.strictEqual(outside.status, 303)
  assert.match(outside.headers.location, /\/staff\/sign-in/)

  const foreign = await signIn(front, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' })
  assert.strictEqual(foreign.status, 403)
  assert.strictEqual(foreign.headers['set-cookie'], undefined)
  // An older browser, which does not say Sec-Fetch-Site: the Origin alone decides, so the Host must arrive whole.
  const body = new URLSearchParams(OWNER).toString()
  const old = await front.ask('/staff/sign-in', { method: 'POST', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: front.origin } })
  assert.strictEqual(old.status, 303, 'the Origin does not match the Host that Balm sees')
  const two = await front.h2('/staff/sign-in', { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', origin: front.origin } })
  assert.strictEqual(two.status, 303, 'over HTTP/2 the Host does not arrive whole')

  const signed = await signIn(front)
  assert.strictEqual(signed.status, 303)
  const cookie = (signed.headers['set-cookie'] ?? []).find((c) => c.startsWith('__Host-session='))
  assert.ok(cookie, 'no session cookie')
  for (const word of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) assert.match(cookie, new RegExp(`; ${word}(;|$)`))
  const pair = cookie.split(';')[0]
  const today = await front.ask('/staff', { headers: { Cookie: pair } })
  assert.strictEqual(today.status, 200)
  assert.match(today.headers['cache-control'], /no-store/)
  return pair
}

const BOOKING = { service: 'relief-60', therapist: 'ana', client: { name: 'Rosa Delgado', email: 'rosa@example.org' } }

async function book(front, start) {
  const made = await front.json('/api/v1/bookings', { ...BOOKING, start }, { from: '127.0.0.3' })
  assert.strictEqual(made.status, 201, made.text)
  return JSON.parse(made.text)
}

// The link that clients get leads through the proxy, and the page behind it is kept nowhere.
async function checkManage(front, booked) {
  assert.ok(booked.manage_url.startsWith(`${front.origin}/b/`), booked.manage_url)
  const page = await front.ask(new URL(booked.manage_url).pathname)
  assert.strictEqual(page.status, 200)
  assert.match(page.headers['cache-control'], /no-store/)
}

// An event must come at once, not when a buffer is full.
async function checkLive(front, cookie, start) {
  const live = front.listen('/staff/calendar/live', { Cookie: cookie })
  const response = await live.opened
  assert.strictEqual(response.statusCode, 200)
  assert.match(response.headers['content-type'], /^text\/event-stream/)
  await waitFor('the first line of the stream', () => live.pieces.length > 0, 3000)
  await book(front, start)
  await waitFor('the event of a booking', () => live.text().includes('event: changed'), 3000)
  live.close()
}

async function checkSizes(front) {
  const padded = (bytes) => JSON.stringify({ service: 'x', start: 'x', note: 'x'.repeat(bytes) })
  const send = (bytes) => front.ask('/api/v1/holds', { method: 'POST', body: padded(bytes), headers: { 'Content-Type': 'application/json' }, from: '127.0.0.4' })
  assert.strictEqual((await send(10)).status, 422)
  const over = await send(70 << 10)
  assert.strictEqual(over.status, 413)
  const huge = await send(6 << 20).catch((error) => ({ status: error.code })) // the proxy may close while we still send
  // Caddy says 502 when Balm has refused and closed before it could pass on all of it.
  assert.ok([413, 502, 'EPIPE', 'ECONNRESET'].includes(huge.status), `6 MB: ${huge.status}`)
  const long = await front.ask(`/?q=${'x'.repeat(6000)}`)
  assert.strictEqual(long.status, 414)
  assert.strictEqual((await front.ask('/')).status, 200)
}

// The largest practice file that Balm takes must not fail at the proxy.
async function checkUpload(front, cookie) {
  const file = ' '.repeat((1 << 20) - 10) + '{}'
  const body = `--cut\r\nContent-Disposition: form-data; name="file"; filename="practice.json"\r\nContent-Type: application/json\r\n\r\n${file}\r\n--cut--\r\n`
  const headers = { Cookie: cookie, Origin: front.origin, 'Sec-Fetch-Site': 'same-origin' }
  const sent = await front.ask('/staff/settings/file', { method: 'POST', body, headers: { ...headers, 'Content-Type': 'multipart/form-data; boundary=cut' } })
  assert.strictEqual(sent.status, 422, `upload: ${sent.status}`)
  const encoded = 'text=' + '%20'.repeat((1 << 20) - 100)
  const applied = await front.ask('/staff/settings/file/apply', { method: 'POST', body: encoded, headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' } })
  assert.strictEqual(applied.status, 422, `apply: ${applied.status}`)
}

// The limit belongs to the visitor's address as the proxy saw it; what the visitor claims changes nothing.
async function checkAddresses(front, visitor) {
  let refused
  for (let i = 0; i <= HOLDS_AT_ONCE; i++) {
    const answer = await front.json('/api/v1/holds', {}, { from: visitor, headers: { 'X-Forwarded-For': `203.0.113.${i}` } })
    if (i < HOLDS_AT_ONCE) assert.strictEqual(answer.status, 422, `hold ${i}: ${answer.status}`)
    refused = answer
  }
  assert.strictEqual(refused.status, 429, 'a claimed X-Forwarded-For opens a new account of tries')
  assert.ok(Number(refused.headers['retry-after']) > 0)
  const other = await front.json('/api/v1/holds', {}, { from: '127.0.0.99' })
  assert.strictEqual(other.status, 422, 'all visitors share one limit: X-Forwarded-For is not believed')
}

async function checkLog(front, booked) {
  if (front.name !== 'nginx') return
  await front.ask('/privacy?secret=question')
  const log = await waitFor('the access log', () => {
    const text = readFileSync(join(front.dir, 'access.log'), 'utf8')
    return text.includes('/privacy') && text
  })
  const token = new URL(booked.manage_url).pathname.slice('/b/'.length)
  assert.ok(log.includes(' /b/... '), 'the manage page is not in the log')
  assert.ok(!log.includes(token), 'the log tells a secret address')
  assert.ok(!log.includes('question'), 'the log tells queries')
}

let visitors = 10
async function checkFront(startFront, server, dir, [startTime, secondTime]) {
  const front = await startFront(dir, server.upstream)
  try {
    await checkPages(front, server.name)
    await checkPlain(front)
    await checkSizes(front)
    await checkAddresses(front, `127.0.0.${visitors++}`)
    const booked = await book(front, startTime)
    await checkManage(front, booked)
    await checkLog(front, booked)
    const cookie = await checkSignIn(front)
    await checkUpload(front, cookie)
    await checkLive(front, cookie, secondTime)
    assert.ok(!server.said().includes('level=error'), server.said())
  } finally {
    await front.stop()
  }
}

const fronts = [
  ['Caddy', 'caddy', startCaddy, ['2026-03-03T09:00:00-05:00', '2026-03-03T14:00:00-05:00']],
  ['nginx', 'nginx', startNginx, ['2026-03-04T09:00:00-05:00', '2026-03-04T14:00:00-05:00']],
]
for (const [kind, serve] of [['the passed unix socket', serveActivated], ['TCP', serveTcp]]) {
  for (const [name, program, startFront, times] of fronts) {
    tests[`${name} in front, over ${kind}`] = async () => {
      if (!has(program)) return skip(`${program} is not installed (tools/deps test)`)
      const dir = join(top, `${program}-${kind.split(' ').pop()}`)
      const server = await serve(dir)
      await checkFront(startFront, server, join(dir, 'front'), times)
      assert.strictEqual(await server.stop(), 0)
    }
  }
}

// ---- without a proxy ----

tests['X-Forwarded-For and -Proto are believed only with --trust-proxy'] = async () => {
  const tries = async (port, spoof) => {
    const call = makeClient(port)
    const statuses = []
    for (let i = 0; i <= HOLDS_AT_ONCE; i++) {
      const headers = spoof(i)
      statuses.push((await call('POST', '/api/v1/holds', { body: {}, headers })).status)
    }
    return statuses
  }
  const spoof = (i) => ({ 'X-Forwarded-For': `203.0.113.${i}`, 'X-Forwarded-Proto': 'https' })
  const trusting = await serveTcp(join(top, 'trusting'))
  const distrusting = await serveTcp(join(top, 'distrusting'), ['--mail', `dir:${top}/distrusting/mail`])
  assert.ok((await tries(trusting.port, spoof)).every((s) => s === 422), 'each address has a limit of its own')
  // Of a list the last address counts: the one the proxy itself saw.
  const lists = await tries(trusting.port, (i) => ({ 'X-Forwarded-For': `203.0.113.${i}, 198.51.100.7` }))
  assert.strictEqual(lists.at(-1), 429)
  assert.strictEqual((await tries(distrusting.port, spoof)).at(-1), 429)
  for (const [server, expected] of [[trusting, true], [distrusting, false]]) {
    const page = await makeClient(server.port)('GET', '/', { headers: { 'X-Forwarded-Proto': 'https' } })
    assert.strictEqual('strict-transport-security' in page.headers, expected)
  }
  assert.strictEqual(await trusting.stop(), 0)
  assert.strictEqual(await distrusting.stop(), 0)
}

tests['BALM_LIMITS=off is refused where the world can connect'] = async () => {
  const dir = join(top, 'limits')
  const { db } = prepare(dir)
  const port = await freePort()
  const refused = spawnSync(balm, ['serve', '--db', db, '--listen', `0.0.0.0:${port}`, '--mail', `dir:${dir}/mail`],
    { env: { ...environment(), BALM_LIMITS: 'off' }, encoding: 'utf8', timeout: 20000 })
  assert.strictEqual(refused.status, 1)
  assert.match(refused.stderr, /loopback/)
}

// ---- backup ----

// The script of balm-backup.service, as systemd would hand it to the shell.
function backupScript(dir) {
  const text = deployFile('balm-backup.service').replace(/\\\n/g, ' ')
  const line = /^ExecStart=\/bin\/sh -eu -c '(.*)'$/m.exec(text)
  assert.ok(line, 'balm-backup.service starts something else')
  return substitute(line[1].replaceAll('%%', '%').replaceAll('$$', '$'),
    [['/var/backups/balm', dir], ['/usr/local/bin/balm', balm]])
}

tests['a backup taken while serving is whole, and serves'] = async () => {
  const server = await start({ clock: CLOCK })
  const call = makeClient(server.port)
  const booked = []
  let writing = true
  const writer = (async () => {
    const open = (await call('GET', '/api/v1/availability?service=relief-60&from=2026-03-03&to=2026-04-20')).json.slots
    for (let i = 0; writing && i < open.length; i += 5) {
      const answer = await call('POST', '/api/v1/bookings', { body: { service: 'relief-60', start: open[i].start,
        client: { name: `Client ${i}`, email: `client${i}@example.org` } } })
      if (answer.status === 201) booked.push(answer.json)
    }
  })()
  await waitFor('some bookings', () => booked.length >= 3)
  const before = booked.length
  const dir = join(top, 'backups')
  mkdirSync(dir)
  writeFileSync(join(dir, 'balm-20200101T000000Z.db'), 'old')
  spawnSync('touch', ['-d', '2020-01-01', join(dir, 'balm-20200101T000000Z.db')])
  writeFileSync(join(dir, 'balm-20200102T000000Z.partial'), 'left behind')
  // Not spawnSync: the bookings go on beside it.
  const child = spawn('/bin/sh', ['-eu', '-c', backupScript(dir)], { env: { ...environment(), BALM_DB: server.db }, stdio: ['ignore', 'ignore', 'inherit'] })
  assert.strictEqual(await new Promise((done) => child.on('exit', done)), 0)
  writing = false
  await writer
  const copies = readdirSync(dir)
  assert.strictEqual(copies.length, 1, `left in the folder: ${copies}`)
  assert.match(copies[0], /^balm-\d{8}T\d{6}Z\.db$/)
  assert.strictEqual(statSync(join(dir, copies[0])).mode & 0o777, 0o600)

  const restored = join(top, 'restored')
  mkdirSync(restored)
  copyFileSync(join(dir, copies[0]), join(restored, 'balm.db'))
  copyFileSync(join(server.dir, 'balm.db.key'), join(restored, 'balm.db.key'))
  chmodSync(join(restored, 'balm.db.key'), 0o600)
  const checked = command(`sqlite:${restored}/balm.db`, ['check'])
  assert.strictEqual(checked.code, 0, checked.stderr)
  assert.match(checked.stdout, /all \d+ invariants hold/)
  const again = await start({ clock: CLOCK, dir: restored, limits: false })
  for (const b of booked.slice(0, before)) {
    const found = await makeClient(again.port)('GET', `/api/v1/bookings/${b.id}`, { headers: { Authorization: `Bearer ${b.manage_token}` } })
    assert.strictEqual(found.status, 200, 'a booking acknowledged before the backup is not in it')
  }
  await again.stop()

  // `balm check` is no formality: a damaged copy fails.
  const damaged = join(top, 'damaged.db')
  const bytes = readFileSync(join(restored, 'balm.db'))
  bytes.fill(0xff, 8192, Math.min(bytes.length, 60000))
  writeFileSync(damaged, bytes)
  assert.strictEqual(command(`sqlite:${damaged}`, ['check']).code, 1)
  assert.deepStrictEqual(await server.stop(), { code: 0, signal: null })
  server.remove()
}

tests['the key file is refused where others can read it'] = async () => {
  const dir = join(top, 'key')
  const { db } = prepare(dir)
  const key = join(dir, 'balm.db.key')
  writeFileSync(key, Buffer.alloc(32, 7))
  chmodSync(key, 0o644)
  const refused = spawnSync(balm, ['serve', '--db', db, '--listen', '127.0.0.1:0', '--mail', `dir:${dir}/mail`],
    { env: environment(), encoding: 'utf8', timeout: 20000 })
  assert.strictEqual(refused.status, 1)
  assert.match(refused.stderr, /key-readable/)
}

// ---- systemd ----

const WORST_EXPOSURE = { 'balm.service': 1.5, 'balm-backup.service': 1.5 }

tests['systemd finds nothing wrong with the units, and little exposure'] = async () => {
  if (!has('systemd-analyze')) return skip('systemd-analyze is not installed')
  const dir = join(top, 'units')
  mkdirSync(dir)
  const names = ['balm.service', 'balm.socket', 'balm-backup.service', 'balm-backup.timer']
  for (const name of names) writeFileSync(join(dir, name), deployFile(name).replaceAll('/usr/local/bin/balm', balm))
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...names.map((n) => join(dir, n))], { encoding: 'utf8' })
  const about = verified.stderr.split('\n').filter((line) => /balm/.test(line) && line.includes(dir) || /^balm/.test(line))
  assert.deepStrictEqual(about, [], 'systemd-analyze verify')
  assert.strictEqual(verified.status, 0, verified.stderr)
  for (const [name, worst] of Object.entries(WORST_EXPOSURE)) {
    const judged = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', join(dir, name)], { encoding: 'utf8' })
    const level = /Overall exposure level for \S+: ([\d.]+)/.exec(judged.stdout)
    assert.ok(level, judged.stderr)
    console.log(`      ${name}: exposure ${level[1]} of 10`)
    assert.ok(Number(level[1]) <= worst, `${name}: exposure ${level[1]}, was at most ${worst}`)
  }
}

// The names behind a list such as `@system-service` or `~@privileged @resources`.
function callsOf(words) {
  const known = new Set()
  for (const word of words.replace('~', '').split(' ')) {
    if (!word.startsWith('@')) { known.add(word); continue }
    const listed = spawnSync('systemd-analyze', ['syscall-filter', '--no-pager', word], { encoding: 'utf8' })
    assert.strictEqual(listed.status, 0, listed.stderr)
    for (const line of listed.stdout.split('\n').slice(1)) {
      const name = line.trim()
      if (!name || name.startsWith('#')) continue
      for (const call of name.startsWith('@') ? callsOf(name) : [name]) known.add(call)
    }
  }
  return known
}

tests['the sandbox of the unit allows every system call that Balm needs'] = async () => {
  if (!has('systemd-analyze') || !has('strace')) return skip('systemd-analyze or strace is not installed')
  if (spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0) return skip('processes cannot be traced here')
  const allowed = new Set()
  for (const [, words] of deployFile('balm.service').matchAll(/^SystemCallFilter=(.*)$/gm)) {
    for (const call of callsOf(words)) words.startsWith('~') ? allowed.delete(call) : allowed.add(call)
  }
  const dir = join(top, 'traced')
  const { db } = prepare(dir)
  const port = await freePort()
  const trace = join(dir, 'trace')
  const server = launch('strace', ['-f', '-qq', '-o', trace, balm, 'serve', '--listen', `127.0.0.1:${port}`, ...serveOptions(dir)],
    { env: { ...environment(), BALM_DB: db }, cwd: dir })
  const call = makeClient(port, new http.Agent())
  await waitFor('the traced program', () => call('GET', '/healthz').then((r) => r.status === 200, () => false))
  assert.strictEqual((await call('GET', '/')).status, 200)
  assert.strictEqual((await call('POST', '/api/v1/bookings', { body: { ...BOOKING, start: '2026-03-03T09:00:00-05:00' } })).status, 201)
  await waitFor('a message', () => { try { return readdirSync(join(dir, 'mail')).length > 0 } catch { return false } })
  const form = new URLSearchParams(OWNER).toString()
  assert.strictEqual((await call('POST', '/staff/sign-in', { body: form, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })).status, 303)
  const pids = spawnSync('pgrep', ['-P', String(server.pid)], { encoding: 'utf8' }).stdout.trim().split('\n')
  process.kill(Number(pids[0]), 'SIGTERM')
  await waitFor('the end of the traced program', server.ended)
  const made = new Set([...readFileSync(trace, 'utf8').matchAll(/^\d+ +(?:<\.\.\. )?(\w+)/gm)].map((m) => m[1]))
  // execve: strace's own start of the program. prlimit64: forbids core dumps, which the unit forbids too.
  // fchown: SQLite gives its log to the database's owner, only where it runs as root.
  const dispensable = new Set(['execve', 'prlimit64', 'fchown', 'resumed'])
  const missing = [...made].filter((name) => !allowed.has(name) && !dispensable.has(name))
  assert.ok(made.has('fdatasync') || made.has('fsync'), 'nothing was written to disk')
  assert.deepStrictEqual(missing, [], 'calls that the unit forbids')
}

// ---- run ----

const wanted = process.argv[2] ?? ''
let failed = 0
for (const [name, run] of Object.entries(tests)) {
  if (!name.includes(wanted)) continue
  try {
    await run()
    console.log(`ok    ${name}`)
  } catch (error) {
    failed++
    console.log(`FAIL  ${name}\n${error.stack}`)
  }
}
rmSync(top, { recursive: true, force: true })
console.log(`${failed ? `${failed} failed` : 'all passed'}${skipped.length ? `, ${skipped.length} skipped` : ''}`)
process.exit(failed ? 1 : 0)
