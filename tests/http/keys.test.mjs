// The key file and the demonstration's health data: sealed in the file, readable through the program, sealed anew
// with another key while the program runs, and refused with a key file that is not its own or that others can read.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { balmPath, start } from './server.mjs'

const clock = '2026-11-24T15:00:00Z'
const dir = mkdtempSync(join(tmpdir(), 'balm-keys-'))
const key = join(dir, 'balm.db.key')

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
// A value sealed with a key that the server has not read yet is a 503 that ends by itself.
async function pageSoon() {
  for (let i = 0; i < 50; i++) {
    const answer = await page()
    if (answer.status !== 503) return answer
    await new Promise((done) => setTimeout(done, 100))
  }
  return page()
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
  const after = await pageSoon()
  assert.equal(after.status, 200)
  assert.match(after.text, /<svg/)
}
const forgotten = server.run(['key', 'forget'])
assert.equal(forgotten.code, 0, forgotten.stderr)
assert.match(forgotten.stdout, /1 old key is forgotten/)
assert.equal(readFileSync(key).length, 64)
assert.equal((await pageSoon()).status, 200)
assert.match(server.run(['key', 'forget']).stdout, /Nothing to forget/)
assert.equal(server.run(['key', 'turn']).code, 2)
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
writeFileSync(key, randomBytes(32))
chmodSync(key, 0o600)
refused = serve()
assert.equal(refused.status, 1)
assert.match(refused.stderr, /key file lacks the key/)
rmSync(key)
refused = serve()
assert.equal(refused.status, 1, 'a lost key file is not replaced in silence')
assert.match(refused.stderr, /key file lacks the key/)

rmSync(dir, { recursive: true })
console.log('keys: sealed, rotated, refused')
