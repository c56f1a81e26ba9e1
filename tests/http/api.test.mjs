// The JSON API against the real program: every endpoint, every error, and every answer held against
// openapi.json. usage: BALM=path/to/balm node api.test.mjs
import assert from 'node:assert/strict'
import './api_book.mjs'
import './api_change.mjs'
import { end, openapi, test } from './api_client.mjs'

// Reading goes on while nothing can be written, so no test can make it fail without harming the file.
await test('every described answer was seen', async () => {
  assert.deepEqual(openapi.unseen().filter((name) => !/^GET .* 503$/.test(name)), [])
})

end()
