import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { CLOCK_TOLERANCE_MS } from '#protocol/limits.ts'
import type { SigningKey } from './secrets.ts'

const WEBHOOK_SECRET_PREFIX = 'whsec_'

/** True when one of the keys made the signature of these exact bytes. relay:WH8, WH9 */
export function isSigned(keys: SigningKey[], headers: IncomingHttpHeaders, body: Uint8Array, now: number): boolean {
  return keys.some(({ scheme, secret }) =>
    scheme === 'standard' ? standard(secret, headers, body, now) : github(secret, headers, body),
  )
}

/** Standard Webhooks: `webhook-signature` holds one or more `v1,<base64>`, any of which may match. relay:WH8 */
function standard(secret: string, headers: IncomingHttpHeaders, body: Uint8Array, now: number): boolean {
  const id = single(headers['webhook-id'])
  const timestamp = single(headers['webhook-timestamp'])
  const signatures = single(headers['webhook-signature'])
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(now - Number(timestamp) * 1000) > CLOCK_TOLERANCE_MS) return false
  const key = Buffer.from(secret.startsWith(WEBHOOK_SECRET_PREFIX) ? secret.slice(WEBHOOK_SECRET_PREFIX.length) : secret, 'base64')
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
  let matches = false
  for (const part of signatures.split(' ')) if (part.startsWith('v1,') && equalBase64(part.slice(3), wanted)) matches = true
  return matches
}

/** GitHub: `X-Hub-Signature-256: sha256=<hex>` over the raw body. relay:WH9 */
function github(secret: string, headers: IncomingHttpHeaders, body: Uint8Array): boolean {
  const given = /^sha256=([0-9a-f]{64})$/i.exec(single(headers['x-hub-signature-256']) ?? '')?.[1]
  if (given === undefined) return false
  return timingSafeEqual(Buffer.from(given, 'hex'), createHmac('sha256', secret).update(body).digest())
}

/** Only the canonical spelling: decoding alone would accept many. */
function equalBase64(given: string, wanted: Buffer): boolean {
  const text = Buffer.from(given)
  const right = Buffer.from(wanted.toString('base64'))
  return text.length === right.length && timingSafeEqual(text, right)
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
