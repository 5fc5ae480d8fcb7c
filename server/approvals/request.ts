import * as z from 'zod/mini'
import { canonicalJson } from '#protocol/canonicalJson.ts'
import { RelayError } from '#protocol/errors.ts'
import { MAX_APPROVAL_BYTES } from '#protocol/limits.ts'
import { approvalRequestSchema, approvalUseSchema, plainLine } from '#protocol/requests.ts'
import { jsonBody } from '../http/json.ts'
import { NOBODY_THERE, TIMED_OUT } from './view.ts'

/** What the relay itself decides is told from what people do. */
const OWN_WORDS: string[] = [TIMED_OUT.decidedBy, NOBODY_THERE.decidedBy]

const decisionSchema = z.object({
  id: z.string(),
  decision: z.enum(['allow', 'deny']),
  argsHash: z.string(),
  decidedBy: z._default(plainLine(128), 'client'),
  reason: z.optional(plainLine(300)),
})
export type WantedDecision = z.infer<typeof decisionSchema>

/** The body of POST /approvals. Throws invalid_json, invalid_body, missing_field, invalid_field, content_too_large. relay:APV1 */
export const readRequest = (body: Buffer) => withArgs(jsonBody(approvalRequestSchema, body))

/** The body of POST /approvals/:id/use, as readRequest. relay:APV4 */
export const readUse = (body: Buffer) => withArgs(jsonBody(approvalUseSchema, body))

function withArgs<T extends { action: string; args?: unknown }>(wanted: T): T {
  if (wanted.args === undefined) throw new RelayError('missing_field', 'Missing args.')
  if (Buffer.byteLength(canonicalJson({ action: wanted.action, args: wanted.args })) > MAX_APPROVAL_BYTES)
    throw new RelayError(
      'content_too_large',
      `Action and args may have at most ${MAX_APPROVAL_BYTES} bytes: a person must read them.`,
    )
  return wanted
}

/** An `approval_decision` frame. Throws invalid_field. relay:APV3 */
export function readDecision(frame: Record<string, unknown>): WantedDecision {
  const { data } = z.safeParse(decisionSchema, frame)
  if (data && !OWN_WORDS.includes(data.decidedBy)) return data
  throw new RelayError(
    'invalid_field',
    'approval_decision needs id, decision ("allow" or "deny") and argsHash; decidedBy and reason are short lines of text.',
  )
}

/** `waitMs` of a query: a whole number, at most `max` of it. Throws invalid_field. relay:APV2 */
export function readWait(query: URLSearchParams, max: number): number {
  const text = query.get('waitMs')
  if (text === null) return 0
  if (!/^\d{1,15}$/.test(text)) throw new RelayError('invalid_field', '"waitMs" must be a whole number of milliseconds.')
  return Math.min(max, Number(text))
}
