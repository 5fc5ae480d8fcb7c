import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { RelayError } from '#protocol/errors.ts'
import { CLOCK_TOLERANCE_MS } from '#protocol/limits.ts'
import { equalSecret } from '../../auth/secrets.ts'

export type SignatureHeaders = { timestamp: string; signature: string }

/** Undefined unless both are there. */
export function signatureHeaders(headers: IncomingHttpHeaders): SignatureHeaders | undefined {
  const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } = headers
  return typeof timestamp === 'string' && typeof signature === 'string' ? { timestamp, signature } : undefined
}

/**
 * Checks a post of Slack: `v0=` and the hex of HMAC-SHA256 over `v0:timestamp:body`, within 300 s either way. Signatures are compared as text, so
 * that no second spelling of a right one passes. Throws bad_signature. relay:SL3
 */
export function verifySlackRequest({ timestamp, signature }: SignatureHeaders, body: Buffer, secret: string, now: number): void {
  const signedAt = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN
  if (!(Math.abs(now - signedAt) <= CLOCK_TOLERANCE_MS)) throw refused('The signature of this request is too old or too new.')
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')
  if (!equalSecret(signature, `v0=${expected}`)) throw refused('The signature of this request is wrong.')
}

export function refused(reason: string): RelayError {
  return new RelayError('bad_signature', reason)
}
