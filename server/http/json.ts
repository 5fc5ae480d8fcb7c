import * as z from 'zod/mini'
import { RelayError } from '#protocol/errors.ts'
import { isShallow } from './jsonDepth.ts'

/** The body as a JSON object; an empty body is `{}`. Throws invalid_json, invalid_body. relay:GEN5 */
export function jsonObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {}
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw new RelayError('invalid_json', 'The request body is not valid JSON.', { cause })
  }
  if (!isObject(value)) throw new RelayError('invalid_body', 'The request body must be a JSON object.')
  if (!isShallow(value)) throw new RelayError('invalid_body', 'The request body is nested too deeply.')
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The body, parsed by a schema. Throws invalid_json, invalid_body, missing_field (the first problem is an absent member) or invalid_field,
 * naming the member.
 */
export function jsonBody<S extends z.ZodMiniType>(schema: S, body: Buffer): z.infer<S> {
  const value = jsonObject(body)
  const parsed = z.safeParse(schema, value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const name = issue?.path.join('.') ?? ''
  const first = issue?.path[0]
  if (issue?.path.length === 1 && typeof first === 'string' && value[first] === undefined) {
    throw new RelayError('missing_field', `Missing ${name}.`)
  }
  throw new RelayError('invalid_field', `"${name}" has the wrong type or value.`)
}
