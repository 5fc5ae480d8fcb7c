import { LIMITS } from '../../server/http/limitTable.ts'
import { VERSION } from '../../server/version.ts'
import { answersOf, COMMON_ANSWERS, content } from './answers.ts'
import { AUTH, SECURITY_SCHEMES } from './auth.ts'
import { type Operation, type Operations, type Parameter, TAGS } from './operation.ts'
import { jsonSchemas } from './schemas.ts'
import { socketPath } from './socketPath.ts'

const ABOUT = [
  'The HTTP and WebSocket interface of the relay. Written by `npm run fix` from the relay’s route table, the schemas in lib/protocol and the',
  'descriptions in scripts/openapi; the numbered rules are in SPEC.md. Every answer carries X-Request-Id. With `X-Want-Signature: 1` an answer is',
  'signed by the relay’s key, in X-Server-Timestamp and X-Server-Signature (relay:SRV1). Times are UTC, ISO 8601. Unknown paths and methods are',
  '401 without a valid credential and 404 with one (relay:GEN2).',
].join(' ')

const METHODS = ['GET', 'POST', 'PATCH', 'DELETE']

/** What stands in a path. */
const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  id: 'The channel.',
  messageId: 'The message.',
  responseId: 'The reply.',
  mid: 'The message.',
  aid: 'The file.',
  userId: 'The session.',
  file: 'A file a page loads.',
}

/** The whole OpenAPI 3.1 document, as plain objects. */
export function openApi(operations: Operations) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [route, operation] of Object.entries(operations)) {
    const [method = '', path = ''] = route.split(' ')
    if (!METHODS.includes(method)) throw new Error(`${route} does not begin with one of ${METHODS.join(', ')}.`)
    const template = path.replace(/:(\w+)/g, '{$1}')
    paths[template] = { ...paths[template], [method.toLowerCase()]: described(method, path, operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Chaos Relay',
      version: VERSION,
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:8787', description: 'A relay on this machine; yours is at CHAOS_PUBLIC_URL.' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: { ...paths, '/ws': socketPath() },
    components: { securitySchemes: SECURITY_SCHEMES, responses: COMMON_ANSWERS, schemas: jsonSchemas() },
  }
}

function described(method: string, path: string, operation: Operation) {
  const route = `${method} ${path}`
  const { tag, summary, rules, auth, limits = [], query = {}, headers = {}, body, optionalBody } = operation
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    const description = PATH_PARAMETERS[name]
    if (description === undefined) throw new Error(`${route}: say in scripts/openapi/document.ts what ":${name}" is.`)
    return { name, in: 'path', required: true, description, schema: { type: 'string' } }
  })
  const parameters = [...inPath, ...given('query', query), ...given('header', headers)]
  const allowed = limits.map((key) => `\`${key}\` ${LIMITS[key].limit} in ${LIMITS[key].windowSec} seconds`)
  return {
    tags: [tag],
    operationId: operationId(route),
    summary,
    description: [`Rules ${rules}.`, ...(allowed.length > 0 ? [`Limits: ${allowed.join(', ')}.`] : [])].join(' '),
    security: AUTH[auth].security,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { ...(optionalBody === undefined && { required: true }), content: content(body) } }),
    responses: answersOf(operation, method),
  }
}

function given(place: 'query' | 'header', parameters: Readonly<Record<string, Parameter>>) {
  return Object.entries(parameters).map(([name, { type, description, required, enum: values }]) => ({
    name,
    in: place,
    ...(required && { required }),
    description,
    schema: { type, ...(values && { enum: values }) },
  }))
}

/** `GET /replies/:responseId` → `getRepliesResponseId`. */
function operationId(route: string): string {
  const [first = '', ...words] = route.toLowerCase().split(/[^a-z]+/i)
  const original = route.split(/[^a-z]+/i).slice(1)
  return first + words.map((_, index) => (original[index] ?? '').replace(/^./, (letter) => letter.toUpperCase())).join('')
}
