// Holds every exchange against the served openapi.json: the answer's status, media type, headers and body
// must be described, and a body that was accepted must be one that the description allows. Fields that the
// description does not name are refused, so that it stays whole.
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

function close(schema) {
  if (Array.isArray(schema)) return schema.forEach(close)
  if (!schema || typeof schema !== 'object') return
  if (schema.type === 'object' && schema.properties && schema.additionalProperties === undefined)
    schema.additionalProperties = false
  Object.values(schema).forEach(close)
}

export class OpenApi {
  constructor(doc) {
    this.doc = structuredClone(doc)
    close(this.doc.components.schemas)
    this.ajv = new Ajv2020({ strict: false, allErrors: true })
    addFormats(this.ajv)
    this.ajv.addSchema({ $id: 'api', ...this.doc })
    this.compiled = new Map()
    this.seen = new Set()
    this.paths = Object.entries(this.doc.paths).map(([path, item]) => ({
      path,
      item,
      // a literal path before one with parameters
      rank: path.includes('{') ? 1 : 0,
      regex: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
    })).sort((a, b) => a.rank - b.rank)
  }

  resolve(node) {
    while (node?.$ref) node = node.$ref.slice(2).split('/').reduce((at, key) => at[key], this.doc)
    return node
  }

  validate(pointer, value) {
    const escaped = pointer.map((p) => encodeURIComponent(p.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')
    let check = this.compiled.get(escaped)
    if (!check) {
      check = this.ajv.compile({ $ref: `api#/${escaped}` })
      this.compiled.set(escaped, check)
    }
    return check(value) ? null : this.ajv.errorsText(check.errors, { separator: '; ' })
  }

  // Where the schema stands, following $ref.
  pointerOf(node, here) {
    return node.$ref ? node.$ref.slice(2).split('/') : here
  }

  // What is wrong with an exchange; empty where all is well.
  problems(method, path, sent, answer) {
    const where = `${method} ${path} ${answer.status}`
    const plain = path.split('?')[0]
    const found = this.paths.find((p) => p.regex.test(plain) && p.item[method.toLowerCase()])
    if (!found) return [`${where}: not described`]
    const name = method.toLowerCase()
    const operation = found.item[name]
    const described = operation.responses[answer.status]
    if (!described) return [`${where}: status not described`]
    this.seen.add(`${method} ${found.path} ${answer.status}`)
    const out = []
    const response = this.resolve(described)
    const at = this.pointerOf(described, ['paths', found.path, name, 'responses', String(answer.status)])
    const type = (answer.headers['content-type'] ?? '').split(';')[0]
    if (!response.content?.[type]) {
      out.push(`${where}: media type ${type || 'missing'} not described`)
    } else if (type.endsWith('json')) {
      if (answer.json === undefined) out.push(`${where}: not JSON: ${answer.text.slice(0, 200)}`)
      else {
        const wrong = this.validate([...at, 'content', type, 'schema'], answer.json)
        if (wrong) out.push(`${where}: ${wrong}: ${answer.text.slice(0, 300)}`)
        if (answer.status >= 400 && answer.json.status !== answer.status) out.push(`${where}: status in the body differs`)
      }
    }
    for (const [header, spec] of Object.entries(response.headers ?? {})) {
      const value = answer.headers[header.toLowerCase()]
      if (value === undefined) {
        if (spec.required) out.push(`${where}: header ${header} missing`)
        continue
      }
      const typed = spec.schema.type === 'integer' ? Number(value) : value
      const check = this.ajv.compile(spec.schema)
      if (!check(typed)) out.push(`${where}: header ${header}: ${value}`)
    }
    if (answer.status < 300 && operation.requestBody && sent !== undefined) {
      const value = typeof sent === 'string' ? JSON.parse(sent) : sent
      const pointer = ['paths', found.path, name, 'requestBody', 'content', 'application/json', 'schema']
      const wrong = this.validate(pointer, value)
      if (wrong) out.push(`${where}: accepted a body that is not described: ${wrong}`)
    }
    return out
  }

  // Every status of every operation that no exchange showed.
  unseen() {
    const all = []
    for (const { path, item } of this.paths) {
      for (const method of ['get', 'post']) {
        for (const status of Object.keys(item[method]?.responses ?? {})) {
          const name = `${method.toUpperCase()} ${path} ${status}`
          if (!this.seen.has(name)) all.push(name)
        }
      }
    }
    return all
  }
}
