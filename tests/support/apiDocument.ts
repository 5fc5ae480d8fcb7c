import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import { parse } from 'yaml'

type Answer = { status: number; contentType: string | undefined; json: unknown }

/** docs/openapi.yaml, to hold answers against. Stricter than a client should be: a member it does not name is a problem. */
export function readApiDocument() {
  const document = parse(readFileSync(new URL('../../docs/openapi.yaml', import.meta.url), 'utf8'))
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addSchema(closed(document), 'api')
  const templates = Object.keys(document.paths)
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .map((template) => ({ template, pattern: new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`) }))

  return {
    /** Every route, the socket's handshake apart, with the ways to show who one is. */
    routes: Object.entries<Record<string, { security: Record<string, unknown>[] }>>(document.paths)
      .filter(([template]) => template !== '/ws')
      .flatMap(([template, path]) =>
        Object.entries(path).map(([method, { security }]) => ({ method: method.toUpperCase(), template, security })),
      ),
    /** What of an answer is not as the document says; empty when all is, and for paths and methods it does not have. */
    problems(method: string, target: string, { status, contentType = '', json }: Answer): string[] {
      const pathname = target.split('?', 1)[0] ?? ''
      const template = templates.find(({ pattern }) => pattern.test(pathname))?.template ?? ''
      const operation = document.paths[template]?.[method.toLowerCase()]
      if (!operation) return []
      const what = `${method} ${template}: ${status}`
      const given = operation.responses[status]
      if (!given) return [`${what} is not described: ${JSON.stringify(json)}`]
      const shared = given.$ref as string | undefined
      const response = shared ? document.components.responses[shared.slice(shared.lastIndexOf('/') + 1)] : given
      if (!response.content) return contentType === '' ? [] : [`${what} should have no body`]
      if (response.content['*/*']) return []
      const type = contentType.replace(/^(application\/json); charset=utf-8$/, '$1')
      if (!response.content[type]) return [`${what} as ${type} is not described`]
      if (type !== 'application/json') return []
      const at = shared ?? `#/paths/${escaped(template)}/${method.toLowerCase()}/responses/${status}`
      const validate = ajv.getSchema(`api${at}/content/${escaped(type)}/schema`)
      if (!validate || validate(json)) return validate ? [] : [`${what} has no schema`]
      return (validate.errors ?? []).map(
        (error) => `${what}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
      )
    },
  }
}

/** A segment of a JSON pointer in a URL. */
const escaped = (segment: string) => encodeURIComponent(segment.replace(/~/g, '~0').replace(/\//g, '~1'))

/** A copy in which objects with named members have no others. */
function closed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(closed) as T
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, closed(inside)]))
  if (copy.type === 'object' && typeof copy.properties === 'object') copy.additionalProperties ??= false
  return copy as T
}
