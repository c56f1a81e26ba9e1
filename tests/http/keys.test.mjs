// The key file and the demonstration's health data: sealed in the file, readable through the program, sealed anew
// with another key while the program runs, and refused with a key file that is not its own or that others can read.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { balmPath, makeClient, start } from './server.mjs'

const clock = '2026-11-24T15:00:00Z'
const dir = mkdtempSync(join(tmpdir(), 'balm-keys-'))
const key = join(dir, 'balm.db.key')
const seedProgram = join(dirname(balmPath()), '../tests/http/care_seed')
const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

// As if the key file had been changed three minutes ago.
function age(path) {
  const then = statSync(path).mtimeMs / 1000 - 180
  utimesSync(path, then, then)
}

// `balm key VERB` beside others; gives {child, ended: {code, signal, stdout, stderr, ms}}.
function turn(db, verb) {
  const began = Date.now()
  const child = spawn(balmPath(), ['key', verb, '--db', db], { stdio: ['ignore', 'pipe', 'pipe'] })
  const out = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) child[name].on('data', (text) => { out[name] += text })
  return { child, ended: new Promise((done) => child.on('close', (code, signal) => done({ code, signal, ...out, ms: Date.now() - began }))) }
}

// Fills the directory as `make demo` does; returns what it printed.
function seed() {
  return new Promise((done, fail) => {
    const child = spawn(balmPath(), ['demo', '--dir', dir, '--listen', '127.0.0.1:0'],
      { env: { ...process.env, BALM_CLOCK: clock }, stdio: ['ignore', 'pipe', 'ignore'] })
    let out = ''
    child.stdout.on('data', (text) => {
      out += text
      if (out.includes('Ctrl-C')) child.kill('SIGTERM')
    })
    child.on('exit', (code) => (code === 0 ? done(out) : fail(new Error(`demo ended with ${code}: ${out}`))))
  })
}

function serve() {
  return spawnSync(balmPath(), ['serve', '--db', `sqlite:${join(dir, 'balm.db')}`, '--listen', '127.0.0.1:0'],
    { env: { ...process.env, BALM_CLOCK: clock }, encoding: 'utf8', timeout: 10000 })
}

const welcome = await seed()
const token = /sessions help\s+http\S+\/my\/(\S+)/.exec(welcome)?.[1]
assert.ok(token, 'the welcome names the page of the client whom sessions help')

let server = await start({ dir, practice: null, clock })
const entered = await fetch(`${server.url}/my/${token}`, { redirect: 'manual' })
assert.equal(entered.status, 303)
const cookie = entered.headers.get('set-cookie').split(';')[0]
assert.match(cookie, /^__Host-my=/)

async function page() {
  const response = await fetch(`${server.url}/my`, { headers: { cookie }, redirect: 'manual' })
  return { status: response.status, text: await response.text() }
}
const before = await page()
assert.equal(before.status, 200)
assert.match(before.text, /<svg/)

// nothing readable in any file of the database
const files = readdirSync(dir).filter((name) => name.startsWith('balm.db'))
for (const name of files) {
  const bytes = readFileSync(join(dir, name))
  assert.ok(!bytes.includes('Lifting the little one'), `${name} holds an activity's name`)
  assert.ok(!bytes.includes(token), `${name} holds a token`)
}

// rotation while it runs: the page, the cookie and the link go on
for (const keys of [2, 3]) {
  const rotated = server.run(['key', 'rotate'])
  assert.equal(rotated.code, 0, rotated.stderr)
  assert.match(rotated.stdout, /[1-9]\d\d sealed values were sealed anew/)
  assert.equal(readFileSync(key).length, keys * 32)
  const after = await page()
  assert.equal(after.status, 200)
  assert.match(after.text, /<svg/)
}
const early = server.run(['key', 'forget'])
assert.equal(early.code, 1)
assert.match(early.stderr, /key-too-new: .* come back in 1[12]\d seconds/)
assert.equal(readFileSync(key).length, 96)
age(key)
const forgotten = server.run(['key', 'forget'])
assert.equal(forgotten.code, 0, forgotten.stderr)
assert.match(forgotten.stdout, /1 old key is forgotten/)
assert.equal(readFileSync(key).length, 64)
assert.equal((await page()).status, 200)
assert.match(server.run(['key', 'forget']).stdout, /Nothing to forget/)
assert.equal(server.run(['key', 'turn']).code, 2)

// keys come and go while the server seals, and no time is given it to notice: nothing is sealed with a key that is gone
let turning = true
const turned = (async () => {
  for (let i = 0; i < 6; i++) {
    for (const verb of ['rotate', 'forget']) {
      age(key)
      const end = await turn(server.db, verb).ended
      assert.equal(end.code, 0, end.stderr)
    }
  }
})().finally(() => { turning = false })
let changes = 0
while (turning) {
  const answer = await fetch(`${server.url}/my/rhythm`, { method: 'POST', redirect: 'manual', headers: { cookie, Origin: server.url },
    body: new URLSearchParams({ per_week: String(1 + changes % 5), evening: '19:30' }) })
  assert.equal(answer.status, 303)
  assert.match(answer.headers.get('location'), /did=rhythm/)
  assert.equal((await page()).status, 200)
  changes++
}
await turned
assert.ok(changes >= 6, `${changes} changes meanwhile`)
assert.equal(readFileSync(key).length, 64)
assert.equal(server.run(['check']).code, 0)
await server.stop()

// what was sealed needs the file as it is now, readable by nobody else
server = await start({ dir, practice: null, clock })
assert.equal((await fetch(`${server.url}/my/${token}`, { redirect: 'manual' })).status, 303)
await server.stop()
chmodSync(key, 0o644)
let refused = serve()
assert.equal(refused.status, 1)
assert.match(refused.stderr, /0600/)
const right = readFileSync(key)
writeFileSync(key, randomBytes(64))
chmodSync(key, 0o600)
refused = serve()
assert.equal(refused.status, 1)
assert.match(refused.stderr, /key file lacks the key/)
for (const verb of ['rotate', 'forget']) {
  refused = await turn(`sqlite:${join(dir, 'balm.db')}`, verb).ended
  assert.equal(refused.code, 1, 'a wrong key file is not changed')
  assert.match(refused.stderr, /key file lacks the key/)
  assert.equal(readFileSync(key).length, 64)
}
rmSync(key)
rmSync(`${key}.lock`)
refused = serve()
assert.equal(refused.status, 1, 'a lost key file is not replaced in silence')
assert.match(refused.stderr, /key file .* is gone/)
assert.ok(!existsSync(key), 'no other key file is left in its place')
for (const verb of ['rotate', 'forget']) {
  refused = await turn(`sqlite:${join(dir, 'balm.db')}`, verb).ended
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /key-missing/)
}
assert.deepEqual(readdirSync(dir).filter((name) => name.includes('.key')), [], 'refusing leaves nothing behind')
// also where a plan or a safety event is all that is sealed
for (const tables of [['checkin_correction', 'checkin', 'care_plan'], ['checkin_correction', 'checkin', 'adverse_event']]) {
  const copy = mkdtempSync(join(tmpdir(), 'balm-keys-'))
  const done = spawnSync('sqlite3', [join(dir, 'balm.db'), `.backup ${join(copy, 'balm.db')}`])
  assert.equal(done.status, 0)
  const emptied = spawnSync('sqlite3', [join(copy, 'balm.db'), tables.map((table) => `DELETE FROM ${table};`).join('')], { encoding: 'utf8' })
  assert.equal(emptied.status, 0, emptied.stderr)
  refused = spawnSync(balmPath(), ['serve', '--db', `sqlite:${join(copy, 'balm.db')}`, '--listen', '127.0.0.1:0'],
    { encoding: 'utf8', timeout: 10000 })
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /key file .* is gone/)
  assert.ok(!existsSync(join(copy, 'balm.db.key')))
  rmSync(copy, { recursive: true })
}
writeFileSync(key, right, { mode: 0o600 })
server = await start({ dir, practice: null, clock })
await server.stop()
rmSync(dir, { recursive: true })

// ---- many values ----

const MANY = 40000
server = await start({ clock: '2026-03-01T12:00:00Z' })
const manyKey = join(server.dir, 'balm.db.key')
const count = () => readFileSync(manyKey).length / 32
for (const what of [['3', 'tension'], ['history', String(MANY)]]) {
  const seeded = spawnSync(seedProgram, [server.db, 'mara@mail.example', ...what],
    { env: { ...process.env, BALM_CLOCK: '2026-03-01T12:00:00Z' }, encoding: 'utf8' })
  assert.equal(seeded.status, 0, seeded.stderr)
}

// under load: bookings get in
const client = makeClient(server.port)
let slowest = 0
let bookings = 0
const rotation = turn(server.db, 'rotate')
let over = false
rotation.ended.then(() => { over = true })
for (let day = 2; !over; day++) {
  // one try a moment, at a time that may be taken or not: either way the writer has answered
  const at = new Date(Date.UTC(2026, 2, 3 + (day % 20), 14, (day % 8) * 15)).toISOString()
  const began = Date.now()
  const answer = await client('POST', '/api/v1/bookings',
    { body: { service: 'relief-60', start: at, client: { name: `P ${day}`, email: `p${day}@example.org` } } })
  slowest = Math.max(slowest, Date.now() - began)
  assert.ok(answer.status < 500, `a booking was answered ${answer.status}`)
  if (answer.status === 201) bookings++
  await sleep(5)
}
const rotated = await rotation.ended
assert.equal(rotated.code, 0, rotated.stderr)
assert.match(rotated.stdout, new RegExp(`; ${MANY + 1} sealed values`))
assert.ok(bookings > 0, 'somebody booked meanwhile')
assert.ok(slowest < 4000, `a booking waited ${slowest} ms`) // 5 s would be a refusal
assert.equal(count(), 2)

// two at once: the second waits, or says that it cannot; no key is lost
const first = turn(server.db, 'rotate')
while (count() < 3) await sleep(1)
const second = turn(server.db, 'forget')
const third = turn(server.db, 'rotate')
const ends = await Promise.all([first.ended, second.ended, third.ended])
assert.equal(ends[0].code, 0, ends[0].stderr)
for (const end of ends.slice(1)) {
  if (end.code !== 0) assert.match(end.stderr, /another balm key is running|key-too-new/)
}
const many = [turn(server.db, 'rotate'), turn(server.db, 'rotate')]
const both = await Promise.all(many.map((one) => one.ended))
assert.ok(both.some((end) => end.code === 0), both.map((end) => end.stderr).join(''))
for (const end of both.filter((end) => end.code !== 0)) assert.match(end.stderr, /another balm key is running/)
assert.equal(count(), 3 + (ends[2].code === 0) + both.filter((end) => end.code === 0).length, 'each that succeeded has added its key')

// killed in the middle, three times: nothing is lost
age(manyKey)
assert.equal(server.run(['key', 'forget']).code, 0)
assert.equal(count(), 2)
for (const after of [0, 150, 400]) {
  const before = count()
  const broken = turn(server.db, 'rotate')
  while (count() === before) await sleep(1)
  await sleep(after)
  broken.child.kill('SIGKILL')
  assert.equal((await broken.ended).signal, 'SIGKILL', 'it was still at work')
}
assert.equal(count(), 5)
age(manyKey)
const stopped = turn(server.db, 'forget')
await sleep(200)
stopped.child.kill('SIGKILL')
assert.equal((await stopped.ended).signal, 'SIGKILL', 'it was still at work')
assert.equal(count(), 5, 'keys that are in use stay')
age(manyKey)
const finished = server.run(['key', 'forget'])
assert.equal(finished.code, 0, finished.stderr)
assert.match(finished.stdout, /3 old keys are forgotten/)
// a rotation opens every value: with the two keys that are left, all can be
const last = server.run(['key', 'rotate'])
assert.equal(last.code, 0, last.stderr)
assert.match(last.stdout, new RegExp(`; ${MANY + 1} sealed values`))
assert.equal(server.run(['check']).code, 0)
assert.deepEqual(readdirSync(server.dir).filter((name) => name.includes('.key')).sort(), ['balm.db.key', 'balm.db.key.lock'])
await server.stop()
server.remove()
console.log(`keys: sealed, rotated (slowest booking meanwhile ${slowest} ms, ${bookings} booked), refused, broken off`)
