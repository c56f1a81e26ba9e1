// One exchange with the JSON API after the other, each held against the server's openapi.json.
//
//   await begin({ clock })      a server of its own; its description is read once
//   get, post, book, open       exchanges that must be as described
//   refused(answer, 409, 'slot-taken')
import assert from 'node:assert/strict'
import { OpenApi } from './openapi_check.mjs'
import { makeClient, start } from './server.mjs'

const count = { passed: 0, failed: 0 }
export async function test(name, body) {
  try {
    await body()
    count.passed++
  } catch (error) {
    count.failed++
    console.log(`FAILED ${name}\n  ${String(error.stack ?? error).split('\n').slice(0, 6).join('\n  ')}`)
  }
}
export function end() {
  console.log(`${count.passed} passed, ${count.failed} failed`)
  process.exit(count.failed ? 1 : 0)
}

export let server
export let client
export let openapi

// One exchange, described by openapi.json in all it shows.
export async function call(method, path, options = {}) {
  const answer = await client(method, path, options)
  const wrong = openapi.problems(method, path, options.body, answer)
  assert.deepEqual(wrong, [])
  return answer
}

export const get = (path, options) => call('GET', path, options)
export const post = (path, body, options = {}) => call('POST', path, { body, ...options })
export const bearer = (token) => ({ headers: { Authorization: `Bearer ${token}` } })
export const typeOf = (answer) => answer.json?.type?.split('/').pop()
export const fields = (answer) => (answer.json.errors ?? []).map((e) => e.field).sort()

export function refused(answer, status, type, wrong) {
  assert.equal(answer.status, status, answer.text)
  assert.equal(typeOf(answer), type, answer.text)
  if (wrong) assert.deepEqual(fields(answer), wrong)
}

let people = 0
export function person() {
  people++
  return { name: `Robin Vale ${people}`, email: `robin${people}@example.org` }
}

export async function open(query) {
  const answer = await get(`/api/v1/availability?${new URLSearchParams(query)}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.json.slots
}

export async function book(fields, options) {
  const answer = await post('/api/v1/bookings', { client: person(), ...fields }, options)
  return answer
}

export async function booked(fields, options) {
  const answer = await book(fields, options)
  assert.equal(answer.status, 201, answer.text)
  return answer.json
}

export async function begin(options) {
  server = await start(options)
  client = makeClient(server.port)
  openapi ??= new OpenApi((await client('GET', '/api/v1/openapi.json')).json)
}

// The same data under another clock.
export async function continueAt(clock) {
  const { code } = await server.stop()
  assert.equal(code, 0, 'an orderly stop')
  await begin({ clock, dir: server.dir })
}
