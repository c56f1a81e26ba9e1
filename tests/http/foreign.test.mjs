// Nobody comes to another's page: numbers of links are given again after a client was deleted, and merging gives
// nobody a way into the record that stays.   usage: BALM=path/to/balm node foreign.test.mjs
import assert from 'node:assert/strict'
import { startDemo } from '../browser/browser.mjs'

const clock = '2026-11-24T15:00:00Z'
const demo = await startDemo({ clock })
const tokens = Object.fromEntries([...demo.out().matchAll(/^ {2}(\S.*?)\s{2,}http\S+\/my\/(\S+)$/gm)].map((m) => [m[1], m[2]]))
const ask = async (method, path, fields, cookie) => {
  const response = await fetch(demo.url + path, { method, redirect: 'manual', headers: { Origin: demo.url, ...(cookie ? { cookie } : {}) },
    ...(fields ? { body: new URLSearchParams(fields) } : {}) })
  return { status: response.status, text: await response.text(), cookie: response.headers.get('set-cookie')?.split(';')[0] }
}
const signedIn = (await ask('POST', '/staff/sign-in', demo.signIns.owner)).cookie
const owner = { get: (path) => ask('GET', path, null, signedIn), post: (path, fields) => ask('POST', path, fields, signedIn) }

async function enter(token) {
  const response = await fetch(`${demo.url}/my/${token}`, { redirect: 'manual' })
  return { status: response.status, cookie: response.headers.get('set-cookie')?.split(';')[0] }
}
const page = async (cookie) => {
  const response = await fetch(`${demo.url}/my`, { headers: { cookie }, redirect: 'manual' })
  return { status: response.status, text: await response.text() }
}
const idOf = async (name) => Number(/\/staff\/clients\/(\d+)/.exec((await owner.get(`/staff/clients?q=${encodeURIComponent(name)}`)).text)[1])

// the client with the newest link is deleted; the next link made has its number
const samuel = await enter(tokens['was worse after the last session'])
assert.match((await page(samuel.cookie)).text, /Samuel/)
const samuelId = await idOf('Samuel Castellanos')
const erased = await owner.post(`/staff/clients/${samuelId}/erase`, { confirm: 'Samuel Castellanos' })
assert.equal(erased.status, 303, erased.text)
const rosaId = await idOf('Rosa Delgado')
assert.equal((await owner.post(`/staff/clients/${rosaId}/links`, { do: 'send' })).status, 303)
const after = await page(samuel.cookie)
assert.doesNotMatch(after.text, /Rosa|<svg[^>]*role="img"/, 'the number of the deleted link leads to nobody')

// the links of a merged record end
const june = await enter(tokens['too little is known yet'])
assert.match((await page(june.cookie)).text, /June/)
const juneId = await idOf('June Park')
const malikId = await idOf('Malik Okafor')
assert.equal((await owner.post(`/staff/clients/${juneId}/merge`, { into: String(malikId) })).status, 303)
assert.doesNotMatch((await page(june.cookie)).text, /Malik|<svg[^>]*role="img"/)
assert.equal((await enter(tokens['too little is known yet'])).status, 404)
assert.equal((await enter(tokens['sessions do little beyond the day'])).status, 303, 'the other’s own link goes on')

await demo.stop()
console.log('foreign: nobody comes to another’s page')
