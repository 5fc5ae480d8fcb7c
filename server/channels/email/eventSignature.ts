import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { RelayError } from '#protocol/errors.ts'
import { CLOCK_TOLERANCE_MS } from '#protocol/limits.ts'
import { equalSecret } from '../../auth/secrets.ts'

/** The three headers of a signed event: Svix's names, or the standard's own. */
export type EventHeaders = { id: string; timestamp: string; signature: string }

/** Undefined unless all three of one naming are there. relay:EML6 */
export function eventHeaders(headers: IncomingHttpHeaders): EventHeaders | undefined {
  const prefix = headers['svix-id'] === undefined ? 'webhook' : 'svix'
  const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map((name) => headers[`${prefix}-${name}`])
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') return undefined
  return id && timestamp && signature ? { id, timestamp, signature } : undefined
}

/**
 * Checks an event of the provider: HMAC-SHA256 over `id.timestamp.body`, any `v1,<base64>` of the list, within 300 s either way. Signatures are
 * compared as text, so that no second spelling of a right one passes. Throws bad_signature. relay:EML6, WH8
 */
export function verifyEvent({ id, timestamp, signature }: EventHeaders, body: Buffer, secret: string, now: number): void {
  const signedAt = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN
  if (!(Math.abs(now - signedAt) <= CLOCK_TOLERANCE_MS)) throw refused('The signature of this event is too old or too new.')
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  if (key.length === 0) throw refused('RESEND_WEBHOOK_SECRET is not a signing secret. Copy it from Resend again.')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  const matches = signature.split(' ').filter((entry) => equalSecret(entry, `v1,${expected}`))
  if (matches.length === 0) throw refused('The signature of this event is wrong.')
}

function refused(reason: string): RelayError {
  return new RelayError('bad_signature', reason)
}
