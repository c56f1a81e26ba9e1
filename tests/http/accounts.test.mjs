// Accounts against the real program: the team, one's own sessions and password, how often one may try to sign
// in. usage: BALM=path/to/balm node accounts.test.mjs
import assert from 'node:assert/strict'
import { makeClient, start } from './server.mjs'
import { errorOf, passwords, SLUG, staffServer, tests, words } from './staff_browser.mjs'

const { test, end } = tests()
const { server, Browser, signedIn } = await staffServer()
const owner = await signedIn('ana@harbour.example')
const therapist = await signedIn('ben@harbour.example')
const desk = await signedIn('desk@harbour.example')


// ---- the team ----

await test('team: add, sign in, change role, deactivate', async () => {
  const email = 'second@harbour.example'
  const bad = await owner.post('/staff/settings/team', { name: '', email: 'nowhere', role: 'king', new: 'short' })
  assert.equal(bad.status, 422)
  for (const id of ['name', 'email', 'role', 'new']) assert.ok(errorOf(bad.text, id), id)
  assert.ok(!bad.text.includes('"short"'))
  assert.equal((await owner.post('/staff/settings/team', { name: 'Sec Ond', email, role: 'desk', new: passwords[email] })).status, 303)
  const twice = await owner.post('/staff/settings/team', { name: 'Sec Ond', email: email.toUpperCase(), role: 'owner', new: passwords[email] })
  assert.equal(twice.status, 422)
  assert.match(errorOf(twice.text, 'email'), /has an account already/)
  const second = await signedIn(email)
  assert.equal((await second.get('/staff/settings')).status, 403)
  const id = [...(await owner.get('/staff/settings/team')).text.matchAll(/team\/(\d+)"><b>([^<]*)/g)].find((m) => m[2] === 'Sec Ond')[1]
  assert.equal((await owner.post(`/staff/settings/team/${id}`, { name: 'Sec Ond', role: 'owner', new: '' })).status, 303)
  assert.equal((await second.get('/staff/settings')).status, 200, 'the new role counts at once')
  assert.equal((await owner.post(`/staff/settings/team/${id}`, { name: 'Sec Ond', role: 'owner', new: 'tiny' })).status, 422)
  assert.equal((await owner.post(`/staff/settings/team/${id}/deactivate`, {})).status, 303)
  assert.equal((await second.get('/staff')).status, 303, 'its sessions have ended')
  assert.equal((await new Browser().signIn(email)).status, 422)
})
await test('team: the last owner stays owner and stays', async () => {
  const id = [...(await owner.get('/staff/settings/team')).text.matchAll(/team\/(\d+)"><b>([^<]*)/g)].find((m) => m[2] === 'Ana Reyes')[1]
  const demoted = await owner.post(`/staff/settings/team/${id}`, { name: 'Ana Reyes', role: 'desk', new: '' })
  assert.equal(demoted.status, 422)
  assert.match(errorOf(demoted.text, 'role'), /must remain/)
  const off = await owner.post(`/staff/settings/team/${id}/deactivate`, {})
  assert.equal(off.status, 422)
  assert.match(words(off.text), /must remain owner/)
  assert.equal((await owner.get('/staff/settings')).status, 200)
})

// ---- one's own account ----

await test('sessions: listed with device, revoked one by one and all at once', async () => {
  const email = 'desk@harbour.example'
  const here = await signedIn(email)
  const there = new Browser()
  assert.equal((await there.post('/staff/sign-in', { email, password: passwords[email] }, { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' })).status, 303)
  const page = await here.get('/staff/account')
  assert.match(words(page.text), /Firefox, Linux/)
  const at = page.text.indexOf('Firefox, Linux')
  const id = /name="session" value="(\d+)"/.exec(page.text.slice(at))[1]
  assert.equal((await therapist.post('/staff/account/sessions', { session: id })).status, 404, 'not of another person')
  assert.equal((await here.post('/staff/account/sessions', { session: id })).status, 303)
  assert.equal((await there.get('/staff')).status, 303)
  assert.equal((await here.get('/staff')).status, 200)
  const third = await signedIn(email)
  assert.equal((await here.post('/staff/account/sessions', { session: 'others' })).status, 303)
  assert.equal((await third.get('/staff')).status, 303)
  assert.equal((await desk.get('/staff')).status, 303)
  assert.equal((await here.get('/staff')).status, 200)
  assert.equal((await here.post('/staff/sign-out')).status, 303)
  assert.equal((await here.get('/staff')).status, 303)
})
await test('password: the old one is asked for, others are signed out, this browser stays', async () => {
  const email = 'ben@harbour.example'
  const other = await signedIn(email)
  const wrong = await therapist.post('/staff/account/password', { password: 'nope-nope-nope', new: 'a-better-password' })
  assert.equal(wrong.status, 422)
  assert.match(errorOf(wrong.text, 'password'), /not your password/)
  const short = await therapist.post('/staff/account/password', { password: passwords[email], new: 'short' })
  assert.equal(short.status, 422)
  assert.ok(errorOf(short.text, 'new'))
  assert.equal((await other.get('/staff')).status, 200)
  assert.equal((await therapist.post('/staff/account/password', { password: passwords[email], new: 'a-better-password' })).status, 303)
  assert.equal((await therapist.get('/staff')).status, 200)
  assert.equal((await other.get('/staff')).status, 303)
  assert.equal((await new Browser().signIn(email)).status, 422)
  assert.equal((await new Browser().signIn(email, 'a-better-password')).status, 303)
})

// A session that ends while the slow work for its request is done must not change anything any more. When the
// end arrives is chance, so it is tried with several pauses; where it came too late the change was rightful.
await test('a session that is revoked while a password is hashed changes nothing', async () => {
  const email = 'desk@harbour.example'
  let caught = 0
  for (const pause of [0, 5, 10, 20, 40, 5, 10, 20]) {
    const thief = await signedIn(email)
    const rightful = await signedIn(email)
    let ended = false
    const change = thief.post('/staff/account/password', { password: passwords[email], new: 'a-stolen-account' })
      .then((answer) => ({ answer, first: !ended }))
    await new Promise((done) => setTimeout(done, pause))
    const revoked = await rightful.post('/staff/account/sessions', { session: 'others' })
    ended = true
    const { answer, first } = await change
    const stolen = (await new Browser().signIn(email, 'a-stolen-account')).status === 303
    if (first) { // the change was first: put it back
      assert.equal(answer.status, 303)
      server.run(['user', 'add', email, '--practice', SLUG, '--role', 'desk', '--name', 'Dora Desk'], passwords[email] + '\n')
      continue
    }
    caught++
    assert.equal(revoked.status, 303)
    assert.equal(answer.headers.location, '/staff/sign-in', 'who has no session is led to signing in')
    assert.ok(!stolen, 'the password is the old one')
    assert.equal((await new Browser().signIn(email)).status, 303)
  }
  assert.ok(caught >= 3, `${caught} of 8 came between`)
})

await test('it stops in good order', async () => assert.equal((await server.stop()).code, 0, server.log.slice(-20).join('\n')))
server.remove()

// ---- limits, on a server that keeps them ----

const strict = await start({ limits: true, args: ['--trust-proxy'] })
strict.run(['user', 'add', 'ana@harbour.example', '--practice', SLUG, '--role', 'owner'], passwords['ana@harbour.example'] + '\n')
const ask = makeClient(strict.port)
// from: the address that the proxy saw
const attempt = (email, password, from) => ask('POST', '/staff/sign-in', { body: new URLSearchParams({ email, password }).toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: strict.url, 'X-Forwarded-For': from } })
const ANA = 'ana@harbour.example'

await test('after ten tries of one account from one household there is a pause, also with the right password', async () => {
  const home = (n) => `2001:db8:1:1:${n}:0:0:${n}` // a /64 has more addresses than anybody can count
  for (let i = 0; i < 10; i++) assert.equal((await attempt(i % 2 ? ANA : 'ANA@harbour.example', 'not-the-password', home(i + 1))).status, 422, `try ${i}`)
  const stopped = await attempt(ANA, passwords[ANA], home(99))
  assert.equal(stopped.status, 429)
  assert.ok(Number(stopped.headers['retry-after']) > 0)
  assert.match(words(stopped.text), /wait a quarter of an hour/)
  assert.equal((await attempt('other@harbour.example', 'not-the-password', home(1))).status, 422, 'another account is not stopped yet')
  assert.equal((await attempt(ANA, passwords[ANA], '2001:db8:1:2::1')).status, 303, 'nor is the owner, who is elsewhere')
})
await test('an IPv4 address is the same however it is written', async () => {
  const ways = ['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207']
  for (let i = 0; i < 10; i++) assert.equal((await attempt('v4@harbour.example', 'not-the-password', ways[i % 3])).status, 422, `try ${i}`)
  for (const way of ways) assert.equal((await attempt('v4@harbour.example', 'not-the-password', way)).status, 429, way)
  assert.equal((await attempt('v4@harbour.example', 'not-the-password', '192.0.2.8')).status, 422, 'a neighbour is another')
})
await test('one household is stopped after thirty tries of whatever account', async () => {
  let tries = 0
  let answer
  const from = Date.now()
  for (; tries < 60; tries++) {
    answer = await attempt(`n${tries}@harbour.example`, 'not-the-password', `2001:db8:2:1::${tries + 1}`)
    if (answer.status === 429) break
  }
  assert.equal(answer.status, 429)
  assert.ok(tries >= 30 && tries <= 31 + (Date.now() - from) / 30000, `${tries} tries`) // it refills one in half a minute
})
await test('one account is stopped after sixty tries from wherever', async () => {
  let tries = 0
  let answer
  const from = Date.now()
  for (; tries < 120; tries++) {
    answer = await attempt('all@harbour.example', 'not-the-password', `2001:db8:3:${Math.floor(tries / 5)}::1`)
    if (answer.status === 429) break
  }
  assert.equal(answer.status, 429)
  assert.ok(tries >= 60 && tries <= 61 + (Date.now() - from) / 15000, `${tries} tries`)
})
await strict.stop()
strict.remove()

end()
