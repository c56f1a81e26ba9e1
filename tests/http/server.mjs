// Starts and stops the real program for tests: a database of its own in a fresh directory, a free port.
//
//   import { start } from './server.mjs'
//   const server = await start({ clock: '2026-03-01T12:00:00Z' })
//   ... server.url ...
//   await server.stop(); server.remove()
//
// start({
//   clock,      the instant the program's clock begins at (default 2026-03-01T12:00:00Z); null: the real one
//   practice,   practice file to apply (default tests/data/practice.json), a list of them, or null
//   limits,     true: rate limits hold (default false)
//   args,       more arguments of `balm serve`
//   env,        more of the environment
//   dir,        the directory of an earlier server, to go on with its data (nothing is applied then)
// })
// The program is $BALM, or the one in build/.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, createWriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import http from 'node:http'

const here = dirname(fileURLToPath(import.meta.url))
export const root = resolve(here, '../..')
export const practiceFile = join(root, 'tests/data/practice.json')

export function balmPath() {
  if (process.env.BALM) return resolve(process.env.BALM)
  const found = ['build/balm', 'build/src/balm'].map((p) => join(root, p)).find(existsSync)
  if (!found) throw new Error('no program: set BALM to the path of balm')
  return found
}

const START_MS = 20000
const running = new Set()
process.on('exit', () => { for (const child of running) child.kill('SIGKILL') })

function environment({ clock, limits, env }) {
  const all = { ...process.env, ...env }
  delete all.BALM_DB
  delete all.BALM_CLOCK
  delete all.BALM_LIMITS
  if (clock) all.BALM_CLOCK = clock
  if (!limits) all.BALM_LIMITS = 'off'
  return all
}

function healthy(port) {
  return new Promise((done) => {
    const req = http.get({ port, host: '127.0.0.1', path: '/healthz', agent: false }, (res) => {
      res.resume()
      // without a practice, or with several, the health answer is still one of the server's own
      res.on('end', () => done(res.statusCode === 200))
    })
    req.on('error', () => done(false))
    req.setTimeout(1000, () => req.destroy())
  })
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

export async function start(options = {}) {
  const o = { clock: '2026-03-01T12:00:00Z', practice: practiceFile, limits: false, args: [], env: {}, ...options }
  const balm = balmPath()
  const dir = o.dir ?? mkdtempSync(join(tmpdir(), 'balm-test-'))
  const db = `sqlite:${join(dir, 'balm.db')}`
  const env = environment(o)

  // Runs another command on the same database: run(['check']).
  const run = (args, input = '') => {
    const done = spawnSync(balm, [...args, '--db', db], { env, input, encoding: 'utf8', timeout: 120000 })
    return { code: done.status, stdout: done.stdout, stderr: done.stderr }
  }
  if (!o.dir && o.practice) {
    for (const file of [o.practice].flat()) {
      const applied = run(['apply', file])
      if (applied.code !== 0) throw new Error(`apply ${file}: ${applied.stderr}`)
    }
  }

  const child = spawn(balm, ['serve', '--db', db, '--listen', '127.0.0.1:0', '--mail', `dir:${join(dir, 'mail')}`, ...o.args],
    { env, stdio: ['ignore', 'ignore', 'pipe'], cwd: dir })
  running.add(child)
  const log = []
  const file = createWriteStream(join(dir, 'stderr.log'), { flags: 'a' })
  let port = 0
  let ended = null
  const exited = new Promise((done) => child.on('exit', (code, signal) => {
    ended = { code, signal }
    running.delete(child)
    done(ended)
  }))
  let rest = ''
  child.stderr.on('data', (chunk) => {
    file.write(chunk)
    rest += chunk
    const lines = rest.split('\n')
    rest = lines.pop()
    for (const line of lines) {
      log.push(line)
      if (log.length > 2000) log.shift()
      const found = /\bevent=listen\b.*\bport=(\d+)/.exec(line)
      if (found) port = Number(found[1])
    }
  })

  const until = Date.now() + START_MS
  while (!(port && await healthy(port))) {
    if (ended || Date.now() > until) {
      child.kill('SIGKILL')
      throw new Error(`the server did not start (${ended ? `exit ${ended.code}` : 'no answer'}):\n${log.slice(-20).join('\n')}`)
    }
    await sleep(20)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    dir,
    db,
    pid: child.pid,
    log,
    run,
    // Ends it in an orderly way; gives {code, signal}.
    async stop() {
      if (!ended) child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 15000)
      const result = await exited
      clearTimeout(timer)
      return result
    },
    // As a power cut would.
    async kill() {
      child.kill('SIGKILL')
      return exited
    },
    remove() {
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

// A small client that sends exactly what it is told. body: an object (sent as JSON), a string or a Buffer.
export function makeClient(port, agent = new http.Agent({ keepAlive: true, maxSockets: 128 })) {
  return function call(method, path, { body, headers = {}, host } = {}) {
    return new Promise((done, failed) => {
      const all = { ...headers }
      let bytes
      if (body !== undefined) {
        const raw = typeof body === 'string' || Buffer.isBuffer(body)
        bytes = Buffer.from(raw ? body : JSON.stringify(body))
        if (!Object.keys(all).some((h) => h.toLowerCase() === 'content-type')) all['Content-Type'] = 'application/json'
        all['Content-Length'] = bytes.length
      } else if (method === 'POST') {
        all['Content-Length'] = 0
      }
      if (host) all.Host = host
      const req = http.request({ host: '127.0.0.1', port, method, path, headers: all, agent }, (res) => {
        const chunks = []
        res.on('data', (c) => chunks.push(c))
        res.on('error', failed)
        res.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          let json
          try { json = JSON.parse(text) } catch { json = undefined }
          done({ status: res.statusCode, headers: res.headers, text, json })
        })
      })
      req.on('error', failed)
      req.end(bytes)
    })
  }
}
