// The hostile requests of hostile.mjs against the whole program; afterwards its data must be untouched.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { start, root } from './server.mjs'

const server = await start()
const run = spawnSync(process.execPath,
  [join(root, 'tests/http/hostile.mjs'), '--port', String(server.port), '--path', '/healthz', '--post', '/api/v1/bookings'],
  { encoding: 'utf8', timeout: 300000 })
console.log(run.stdout.trimEnd().split('\n').slice(0, -1).join('\n'))
const [passed, failed] = (/(\d+) passed, (\d+) failed/.exec(run.stdout) ?? [0, 0, 1]).slice(1).map(Number)
const { code } = await server.stop()
const data = server.run(['check'])
const whole = code === 0 && data.code === 0
console.log(`${whole ? 'ok  ' : 'FAIL'} it stops in order and its data hold ${data.stderr}`)
server.remove()
console.log(`${passed + (whole ? 1 : 0)} passed, ${failed + (whole ? 0 : 1)} failed`)
process.exit(failed || !whole ? 1 : 0)
