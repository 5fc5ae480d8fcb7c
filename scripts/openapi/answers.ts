import { ERRORS, type ErrorCode } from '#protocol/errors.ts'
import { AUTH } from './auth.ts'
import type { Body, Operation } from './operation.ts'

type Errors = NonNullable<Operation['errors']>

const error = (codes: readonly ErrorCode[]) => ({
  'application/json': { schema: { $ref: '#/components/schemas/Error', properties: { code: { enum: [...codes] } } } },
})
const integerHeader = (description: string) => ({ description, schema: { type: 'integer' } })
const RETRY_AFTER = { 'Retry-After': integerHeader('Seconds to wait.') }

/** Refusals that most routes have in common; a route with just these codes at a status refers to them. */
const COMMON: Readonly<Record<string, { status: number; description: string; codes: readonly ErrorCode[]; headers?: object }>> = {
  SessionRefused: {
    status: 401,
    description: 'The apiKey or the signature is missing or wrong.',
    codes: ['missing_token', 'invalid_token', 'signature_required', 'clock_skew', 'bad_signature', 'replayed_nonce'],
  },
  BodyTooLarge: { status: 413, description: 'The body is too large.', codes: ['body_too_large'] },
  RateLimited: {
    status: 429,
    description: 'Too many requests.',
    codes: ['rate_limited'],
    headers: {
      ...RETRY_AFTER,
      'RateLimit-Limit': integerHeader('Requests per window.'),
      'RateLimit-Remaining': integerHeader('Requests left.'),
      'RateLimit-Reset': integerHeader('Seconds until all are back.'),
    },
  },
  Internal: { status: 500, description: 'The relay failed; `requestId` finds the line in its log.', codes: ['internal'] },
  StorageUnavailable: {
    status: 503,
    description: 'The disk is full or failing; nothing was stored.',
    codes: ['storage_unavailable'],
    headers: RETRY_AFTER,
  },
}

export const COMMON_ANSWERS = Object.fromEntries(
  Object.entries(COMMON).map(([name, { description, codes, headers }]) => [
    name,
    { description, ...(headers && { headers }), content: error(codes) },
  ]),
)

/** Every status a route may answer with. */
export function answersOf(operation: Operation, method: string): Record<string, unknown> {
  const refused = byStatus(allErrors(operation, method))
  const statuses = new Set([...Object.keys(operation.answers).map(Number), ...refused.keys()])
  return Object.fromEntries(
    [...statuses]
      .sort((a, b) => a - b)
      .map((status) => [String(status), answer(operation.answers[status], status, refused.get(status) ?? [])]),
  )
}

function answer(given: Operation['answers'][number] | undefined, status: number, codes: readonly ErrorCode[]): unknown {
  if (!given) return commonAnswer(status, codes) ?? { description: codes.join(', '), content: error(codes) }
  const own = given.body === undefined ? {} : content(given.body)
  if (codes.length === 0) return { description: given.description, ...(given.body !== undefined && { content: own }) }
  const json = own['application/json']
  const refusal = error(codes)
  const both = json ? { 'application/json': { schema: { anyOf: [json.schema, refusal['application/json'].schema] } } } : refusal
  return { description: `${given.description} Or: ${codes.join(', ')}.`, content: { ...own, ...both } }
}

function commonAnswer(status: number, codes: readonly ErrorCode[]): object | undefined {
  const same = (others: readonly ErrorCode[]) => others.length === codes.length && others.every((code) => codes.includes(code))
  const found = Object.entries(COMMON).find(([, common]) => common.status === status && same(common.codes))
  return found && { $ref: `#/components/responses/${found[0]}` }
}

/** A body by its media type. */
export function content(body: Body): Record<string, { schema: object }> {
  if (typeof body === 'string') return { 'application/json': { schema: { $ref: `#/components/schemas/${body}` } } }
  return { [body.media]: { schema: body.description === undefined ? {} : { description: body.description } } }
}

/** With those that auth, method, limits and bodies bring along, and those every route has. */
function allErrors({ auth, limits = [], body, errors = [] }: Operation, method: string): Errors {
  return [
    ...AUTH[auth].errors,
    ...errors,
    ...(typeof body === 'string' ? (['invalid_json', 'invalid_body'] as const) : []),
    ...(method === 'POST' || method === 'PATCH' ? (['body_too_large'] as const) : []),
    ...(limits.length > 0 ? (['rate_limited'] as const) : []),
    'internal',
    'storage_unavailable',
  ]
}

function byStatus(errors: Errors): Map<number, ErrorCode[]> {
  const found = new Map<number, ErrorCode[]>()
  for (const entry of errors) {
    const [code, status] = typeof entry === 'string' ? [entry, ERRORS[entry].status] : entry
    const codes = found.get(status) ?? []
    if (!codes.includes(code)) found.set(status, [...codes, code])
  }
  return found
}
