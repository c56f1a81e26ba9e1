// The therapist's page of a client's measured relief: who may see it, what comes first, the review, the plan,
// links, exports, and deleting a client for good.
// usage: BALM=path/to/balm node progress.test.mjs
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { start } from './server.mjs'
import { asker, Browser, filledPractice, letters, readCsv, until } from './care_browser.mjs'
import { changed, errorOf, formOf, tests } from './staff_browser.mjs'

const CLOCK = '2026-03-03T15:30:00Z'
const { test, end } = tests()
const { dir, links } = await filledPractice(CLOCK)
const server = await start({ dir, clock: CLOCK })
const sql = asker(server)
const staff = (who) => new Browser(server).signIn(who)
const therapist = await staff('therapist')
const owner = await staff('owner')
const desk = await staff('desk')

/** The client whose own link that is. */
async function idOf(words) {
  const b = new Browser(server)
  await b.enter(links[words])
  const { person } = JSON.parse((await b.post('/my/data.json')).text)
  return sql(`SELECT client_id AS id FROM client WHERE email = '${person.email}'`)[0].id
}
const ids = {}
for (const words of Object.keys(links)) ids[words] = await idOf(words)
const helped = ids['sessions help']
const little = ids['sessions do little beyond the day']
const worse = ids['was worse after the last session']
const page = (id, by = therapist) => by.get(`/staff/clients/${id}/progress`)

await test('the desk sees nothing of health, strangers nothing at all', async () => {
  for (const part of ['progress', 'plan']) assert.equal((await desk.get(`/staff/clients/${helped}/${part}`)).status, 403)
  for (const part of ['plan', 'adverse', 'links', 'data.json', 'data.csv', 'erase'])
    assert.equal((await desk.post(`/staff/clients/${helped}/${part}`, { do: 'send', booking: '1', note: 'x' })).status, 403, part)
  const client = await desk.get(`/staff/clients/${helped}`)
  assert.equal(client.status, 200)
  assert.ok(!client.text.includes('/progress"') && !client.text.includes('/erase"'))
  assert.ok(!/Worse for days/.test((await desk.get('/staff')).words))
  assert.equal((await new Browser(server).get(`/staff/clients/${helped}/progress`)).status, 303)
  assert.equal((await therapist.get(`/staff/clients/${helped}/erase`)).status, 403)
  assert.ok((await therapist.get(`/staff/clients/${helped}`)).text.includes(`/staff/clients/${helped}/progress"`))
})

await test('an adverse event stands first, on Today and on the page, until somebody has seen it', async () => {
  const today = await therapist.get('/staff')
  assert.match(today.words, /Worse for days after a session: please look at it first/)
  assert.ok(today.text.indexOf('Worse for days') < today.text.indexOf('class="today"'))
  assert.ok(today.text.includes(`/staff/clients/${worse}/progress"`))
  const before = await page(worse)
  assert.match(before.words, /Worse for more than two days after a session/)
  assert.match(before.words, /Usual pain \d+(\.\d+)?, up to \d+ after the session, for \d+ hours/)
  assert.match(before.words, /This says nothing about the cause/)
  const fields = formOf(before.text, `/staff/clients/${worse}/adverse`)
  assert.equal((await therapist.post(`/staff/clients/${worse}/adverse`, changed(fields, { note: '' }))).status, 422)
  assert.equal((await therapist.post(`/staff/clients/${helped}/adverse`, changed(fields, { note: 'of another' }))).status, 404)
  const seen = await therapist.post(`/staff/clients/${worse}/adverse`, changed(fields, { note: 'Called: sore, better today. <b>Lighter</b> next time.' }))
  assert.equal(seen.to, `/staff/clients/${worse}/progress?did=seen`)
  const after = await therapist.get(seen.to)
  assert.ok(!/Worse for more than two days/.test(after.words))
  assert.match(after.text, /Called: sore, better today\. &lt;b&gt;Lighter&lt;\/b&gt; next time\./)
  assert.ok(!/Worse for days/.test((await therapist.get('/staff')).words))
  assert.equal(sql("SELECT count(*) AS n FROM audit WHERE action = 'adverse-event.seen'")[0].n, 1)
})

await test('the chart comes with its numbers, the suggestion with its reason', async () => {
  const { words, text } = await page(helped)
  assert.match(words, /Relief (clearly|likely) lasts beyond the day of a session: over the three days after one, pain is lower by about \d\.\d points \(90% range /)
  assert.match(words, /Probability of at least 0\.3 points: /)
  assert.match(words, /Half of the relief is gone after (roughly )?[\d.]+ to [\d.]+ days \(90% range\)/)
  assert.match(words, /To keep at least 0\.5 points of relief until the next session/)
  assert.match(words, /Typical pain is lower than at the start by at least 30%/)
  assert.match(words, /Non-overlap of all pairs/)
  const days = /To keep at least 0\.5 points of relief until the next session: (\d+) to (\d+) days/.exec(words)
  const window = /\((\d+) to (\d+) days after the last session\)/.exec(words)
  if (days && window) assert.deepEqual(window.slice(1), days.slice(1), 'the window is the statement’s')
  assert.match(words, /\d+ of \d+ questions of the last 28 days were answered/)
  assert.match(words, /within measurement error|beyond measurement error|important change/)
  assert.ok((text.match(/<table/g) ?? []).length >= 3, 'every picture has its numbers')
  assert.ok(!/style=|<script(?![^>]*src=)/.test(text), 'the policy forbids it')
})

await test('where relief is little the page says so, with words for a talk and a referral', async () => {
  const { words, text } = await page(little)
  assert.match(words, /Time to look at it together/)
  assert.match(words, /Probably little relief lasts beyond the day of a session/)
  const letter = /<textarea id="referral"[^>]*>([^<]*)</.exec(text)[1]
  assert.match(letter, /^Dear colleague,\n\nSince [^\n]+ has had \d+ sessions/)
  assert.match(letter, /They are no diagnosis/)
  assert.ok(!/-\d/.test(letter.replace(/\d{4}-\d\d-\d\d/g, '')), 'a minus is a minus sign')
  assert.match(text, /<textarea id="talk"/)
  const { words: other } = await page(helped)
  assert.ok(!/letter of referral/.test(other))
})

await test('a plan is made with consent, and checked field by field', async () => {
  const target = `/staff/clients/${helped}/plan`
  const form = await therapist.get(target)
  assert.match(form.words, /Only with their agreement/)
  const fields = formOf(form.text, target)
  const bad = await therapist.post(target, changed(fields, { per_week: '9', evening: '', run_in_days: '40', trial_sessions: '2', activity_2: 'x'.repeat(99) }))
  assert.equal(bad.status, 422)
  for (const field of ['per_week', 'evening', 'run_in_days', 'trial_sessions', 'activity_2']) assert.ok(errorOf(bad.text, field), field)
  const without = await therapist.post(target, fields.filter(([name]) => name !== 'consent'))
  assert.equal(without.status, 422)
  assert.match(errorOf(without.text, 'consent'), /Please ask first/)
  const many = formOf((await therapist.get(`/staff/clients/${worse}/plan`)).text, `/staff/clients/${worse}/plan`)
  const place = await therapist.post(`/staff/clients/${worse}/plan`, changed(many, { activity_1: '', activity_2: 'sitting' }))
  assert.equal(place.status, 422)
  assert.match(errorOf(place.text, 'activity_1'), /Answers belong to this place/)
  const good = await therapist.post(target, changed(fields, { asking: '1', consent: '1', per_week: '2', evening: '18:15', measure: ['stress', 'sleep_hours'], activity_1: '=HYPERLINK("http://x"), stairs', activity_2: '' }))
  assert.equal(good.to, `/staff/clients/${helped}/progress?did=saved`)
  const after = await therapist.get(good.to)
  assert.match(after.words, /2 evenings a week at 6:15/)
  assert.match(after.words, /Pain, and: Stress, Sleep, =HYPERLINK/)
  const stopped = await therapist.post(target, changed(fields, { asking: '0' }))
  assert.equal(stopped.status, 303)
  assert.match((await page(helped)).words, /the practice has stopped it/)
})

await test('what a spreadsheet could take for a formula is text', async () => {
  const target = `/staff/clients/${helped}/plan`
  const fields = formOf((await therapist.get(target)).text, target)
  await therapist.post(target, changed(fields, { asking: '1', consent: '1', activity_1: '=1+2, "stairs"', activity_2: '@home' }))
  const csv = await therapist.post(`/staff/clients/${helped}/data.csv`)
  assert.equal(csv.status, 200)
  assert.ok(csv.text.startsWith('at,received_at,'))
  const heads = readCsv(csv.text)[0]
  assert.equal(heads.filter((head) => /stairs/.test(head))[0], 'activity_1: =1+2, "stairs"')
  assert.ok(heads.every((head) => !/^[=+\-@\t]/.test(head)))
  assert.equal(csv.text.includes('"activity_1: =1+2, ""stairs"""'), true)
  assert.equal(sql("SELECT count(*) AS n FROM audit WHERE action = 'client.exported' AND user_id IS NOT NULL")[0].n, 1)
})

await test('a correction shows what was said first, a mistake is struck through', async () => {
  const b = new Browser(server)
  await b.enter(links['too little is known yet'])
  const link = (await b.post('/my/checkin-link')).to
  const form = await b.get(link)
  const entry = /name="entry" value="([^"]+)"/.exec(form.text)[1]
  assert.equal((await b.post(link, { entry, pain: '7' })).status, 303)
  const id = sql('SELECT max(checkin_id) AS id FROM checkin')[0].id
  const change = `${link}/entries/${id}`
  assert.equal((await b.get(change)).status, 200)
  const fields = formOf((await b.get(change)).text, change)
  assert.equal((await b.post(change, changed(fields, { pain: '3' }))).status, 303)
  const few = ids['too little is known yet']
  let shown = await page(few)
  assert.match(shown.words, /Pain 3[^.]*Corrected\. First said: Pain 7/)
  assert.match(shown.words, /unasked/)
  assert.match((await b.get('/my')).words, /Corrected\. First said: Pain 7/)
  const csv = readCsv((await b.post('/my/data.csv')).text)
  assert.deepEqual([csv.at(-1)[6], csv.at(-1).at(-1)], ['3', '7'])
})

await test('sending and revoking links', async () => {
  const before = letters(server).length
  const sent = await therapist.post(`/staff/clients/${little}/links`, { do: 'send' })
  assert.equal(sent.to, `/staff/clients/${little}/progress?did=link-sent`)
  const letter = await until('the letter', () => letters(server).slice(before).find((l) => /\/my\/[\w-]{27}/.test(l.text)))
  const link = /\/my\/[\w-]{27}/.exec(letter.text)[0]
  const b = new Browser(server)
  assert.match((await b.enter(link)).words, /How it is going/)
  assert.equal((await therapist.post(`/staff/clients/${little}/links`, { do: 'revoke' })).to, `/staff/clients/${little}/progress?did=links-revoked`)
  assert.match((await b.get('/my')).words, /We send it to you/)
  assert.match((await page(little)).words, /No link holds at the moment/)
  assert.equal((await therapist.post(`/staff/clients/${little}/links`, { do: 'dance' })).status, 422)
  const actions = sql("SELECT action FROM audit WHERE entity = 'client' ORDER BY audit_id").map((row) => row.action)
  assert.ok(actions.includes('client.link-sent') && actions.includes('client.links-revoked'))
})

await test('deleting: asked for, shown, confirmed by name, and then nothing is left', async () => {
  const b = new Browser(server)
  await b.enter(links['books when it hurts'])
  const mine = JSON.parse((await b.post('/my/data.json')).text)
  await b.post('/my/delete')
  const id = ids['books when it hurts']
  assert.match((await owner.get('/staff')).words, /Asked to be deleted/)
  assert.match((await desk.get('/staff/clients')).words, /Asked to be deleted/)
  const target = `/staff/clients/${id}/erase`
  let form = await owner.get(target)
  assert.match(form.words, new RegExp(`${mine.person.name} asked for this on`))
  const coming = mine.bookings.filter((one) => one.status === 'confirmed' && new Date(one.end) > new Date(CLOCK))
  if (coming.length) {
    assert.match(form.words, /still booked/)
    assert.equal((await owner.post(target, { confirm: mine.person.name })).status, 409)
    for (const row of sql(`SELECT booking_id AS id FROM booking WHERE client_id = ${id} AND status = 1 AND ends_us > ${new Date(CLOCK).getTime()}000`))
      assert.equal((await owner.post(`/staff/bookings/${row.id}/cancel`, { reason: '' })).status, 303)
    form = await owner.get(target)
  }
  const wrong = await owner.post(target, { confirm: 'Somebody Else' })
  assert.equal(wrong.status, 422)
  assert.match(errorOf(wrong.text, 'confirm'), /This is not the client.s name/)
  const count = (table) => sql(`SELECT count(*) AS n FROM ${table} WHERE client_id = ${id}`)[0].n
  const times = count('booking')
  assert.ok(times > 0 && count('checkin') > 0)
  assert.equal((await owner.post(target, { confirm: ` ${mine.person.name.toUpperCase()} ` })).to, `/staff/clients/${id}?did=erased`)
  for (const table of ['checkin', 'prompt', 'care_plan', 'adverse_event', 'personal_link', 'erasure_request', 'outbox'])
    assert.equal(count(table), 0, table)
  assert.equal(count('booking'), times)
  assert.deepEqual(sql(`SELECT name, email, phone, note FROM client WHERE client_id = ${id}`), [{ name: '', email: '', phone: '', note: '' }])
  const gone = await owner.get(`/staff/clients/${id}`)
  assert.equal(gone.status, 200)
  assert.match(gone.words, /Deleted client/)
  assert.match(gone.words, /Everything that was known of this client has been deleted/)
  assert.ok(!/Change details|Book a session/.test(gone.words))
  for (const part of ['progress', 'plan', 'erase', 'merge']) assert.equal((await owner.get(`/staff/clients/${id}/${part}`)).status, 404, part)
  for (const part of ['', '/data.json', '/plan', '/links']) assert.equal((await owner.post(`/staff/clients/${id}${part}`, { name: 'Back', email: 'b@b.example', do: 'send' })).status, 404, part)
  assert.match((await b.get('/my')).words, /We send it to you/)
  assert.ok(!/Asked to be deleted/.test((await owner.get('/staff')).words))
  const audit = await owner.get('/staff/audit')
  assert.match(audit.words, /Deleted a client/)
  assert.ok(!audit.text.includes(mine.person.name))
  const rest = sql(`SELECT booking_id AS id FROM booking WHERE client_id = ${id} LIMIT 1`)[0].id
  assert.match((await owner.get(`/staff/bookings/${rest}`)).words, /Deleted client/)
})

await test('the same name on the desk’s list of a day that is past', async () => {
  const row = sql("SELECT strftime('%Y-%m-%d', starts_us / 1000000, 'unixepoch') AS day FROM booking JOIN client USING (practice_id, client_id) WHERE erased_us IS NOT NULL LIMIT 1")[0]
  assert.match((await desk.get(`/staff?day=${row.day}&who=all`)).words, /Deleted client/)
})

await server.stop()
const check = server.run(['check'])
await test('the data hold', async () => assert.equal(check.code, 0, check.stdout + check.stderr))
fs.rmSync(dir, { recursive: true, force: true })
end()
