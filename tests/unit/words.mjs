// Every rule that can be broken has words for the reader (staff and calendar pages have some of their own): each code of problems_add and json_problem, and
// each reason of a failure that a visitor can cause, stands in src/web/words/problems.msg; and nothing
// stands there that no code says any more. usage: node words.mjs SOURCE_ROOT
import fs from 'node:fs'
import path from 'node:path'

const root = process.argv[2]
const folders = ['base', 'auth', 'practice', 'call', 'web/pages', 'web/mail'].map((name) => path.join(root, 'src', name))
const files = folders.flatMap((folder) => fs.readdirSync(folder, { recursive: true }).map((name) => path.join(folder, name)))
  .filter((name) => name.endsWith('.c'))
const sources = files.map((name) => [path.relative(root, name), fs.readFileSync(name, 'utf8')])

// Failures of the operator's making, or that a page answers in its own way.
const notForReaders = new Set(['no-such-page', 'page-too-large', 'unknown-practice', 'unknown-service', 'mail-size',
  'idempotency-mismatch', 'unknown-prompt', 'key-missing'])
const ownWords = /^learn-/ // of the editor of Learn pages, staff-learn-... in learn.msg
const operators = /^src\/base\//

const msg = fs.readFileSync(path.join(root, 'src/web/words/problems.msg'), 'utf8')
const names = new Set([...msg.matchAll(/^([a-z-]+):/gm)].map((match) => match[1]))
const faults = []

for (const [name, text] of sources) {
  const calls = [...text.matchAll(/\b(problems_add|json_problem)\(([^;]*?)\);/g)]
  for (const [, , args] of calls) {
    const codes = [...args.matchAll(/"([a-z]+(?:-[a-z]+)*)"/g)].map((match) => match[1])
    // the last literals are the codes (before them stands the field's name)
    const code = codes.filter((code) => names.has(`problem-${code}`))
    if (codes.length && !code.length) faults.push(`${name}: no words for problem ${codes.join(' / ')}`)
  }
  if (operators.test(name)) continue
  for (const [, kind, reason] of text.matchAll(/result_fail\(\s*(ERR_[A-Z_]+),\s*"([a-z-]+)"/g)) {
    if (!/INVALID|CONFLICT|DENIED|LIMIT|NOT_FOUND/.test(kind) || notForReaders.has(reason) || ownWords.test(reason)) continue
    if (!names.has(`reason-${reason}`)) faults.push(`${name}: no words for reason ${reason}`)
  }
}
// Reasons of the other floors count as said, too.
const everything = fs.readdirSync(path.join(root, 'src'), { recursive: true }).filter((name) => name.endsWith('.c'))
const all = everything.map((name) => fs.readFileSync(path.join(root, 'src', name), 'utf8')).join('\n')
for (const name of names) {
  const code = name.replace(/^(problem|reason)-/, '')
  if (/^code-|^other$/.test(code)) continue
  if (!all.includes(`"${code}"`)) faults.push(`problems.msg: “${name}” is said by nothing any more`)
}
for (const fault of faults) console.log(fault)
process.exit(faults.length ? 1 : 0)
