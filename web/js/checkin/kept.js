// What waits to be sent: envelopes alone, in IndexedDB, where the worker reads them too. Nothing here
// can be read by anybody but the server.
const NAME = 'balm-checkin'
const STORE = 'envelopes'
const AT_ONCE = 20

const promise = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result)
  request.onerror = () => failed(request.error)
})

async function store(mode, use) {
  const open = indexedDB.open(NAME, 1)
  open.onupgradeneeded = () => open.result.createObjectStore(STORE, { autoIncrement: true })
  const db = await promise(open)
  try {
    const tx = db.transaction(STORE, mode)
    const ended = new Promise((done, failed) => {
      tx.oncomplete = done
      tx.onabort = tx.onerror = () => failed(tx.error)
    })
    const result = await use(tx.objectStore(STORE))
    await ended
    return result
  } finally {
    db.close()
  }
}

export const keep = (envelope) => store('readwrite', (s) => promise(s.add(envelope)))
export const waiting = () => store('readonly', (s) => promise(s.count()))

const all = () => store('readonly', async (s) => {
  const keys = promise(s.getAllKeys(null, AT_ONCE))
  const values = promise(s.getAll(null, AT_ONCE))
  const [k, v] = await Promise.all([keys, values])
  return k.map((key, i) => [key, v[i]])
})

/** Sends what waits and forgets what is settled: {noted, refused}. Throws where there is no way. */
export async function send(address) {
  const told = { noted: 0, refused: 0 }
  for (;;) {
    const list = await all()
    if (!list.length) return told
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ envelopes: list.map(([, envelope]) => envelope) }),
      cache: 'no-store',
    })
    if (!answer.ok) throw new Error(`not taken: ${answer.status}`)
    const { entries } = await answer.json()
    const settled = list.filter((_, i) => entries[i] === 'noted' || entries[i] === 'refused').map(([key]) => key)
    for (const said of entries) if (said in told) told[said]++
    await store('readwrite', (s) => Promise.all(settled.map((key) => promise(s.delete(key)))))
    if (settled.length < list.length) return told // the rest later
  }
}
