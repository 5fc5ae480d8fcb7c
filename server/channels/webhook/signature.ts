import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { CLOCK_TOLERANCE_MS } from '#protocol/limits.ts'
import { equalSecret } from '../../auth/secrets.ts'
import type { SigningKey } from './secrets.ts'

const STANDARD_PREFIX = 'whsec_'
/** Senders that are changing their key sign twice; nobody signs more often than this. */
const MAX_SIGNATURES = 8

/** True when one of the keys made the signature of these exact bytes. An empty key makes none. relay:WH8-WH10 */
export function isSigned(keys: readonly SigningKey[], headers: IncomingHttpHeaders, body: Uint8Array, now: number): boolean {
  let signed = false
  for (const { scheme, secret } of keys) {
    const check = scheme === 'standard' ? standard : github
    if (secret !== '' && check(secret, headers, body, now)) signed = true
  }
  return signed
}

/** Standard Webhooks: `webhook-signature` holds one or more `v1,<base64>`, any of which may match. relay:WH8 */
function standard(secret: string, headers: IncomingHttpHeaders, body: Uint8Array, now: number): boolean {
  const id = single(headers['webhook-id'])
  const timestamp = single(headers['webhook-timestamp'])
  const signatures = single(headers['webhook-signature'])
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(now - Number(timestamp) * 1000) > CLOCK_TOLERANCE_MS) return false
  const key = Buffer.from(secret.startsWith(STANDARD_PREFIX) ? secret.slice(STANDARD_PREFIX.length) : secret, 'base64')
  // As text: only the canonical spelling of a signature is the signature.
  const wanted = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
  let matches = false
  for (const shown of signatures.split(' ', MAX_SIGNATURES)) if (equalSecret(shown, wanted)) matches = true
  return matches
}

/** GitHub: `X-Hub-Signature-256: sha256=<hex>` over the raw body. relay:WH9 */
function github(secret: string, headers: IncomingHttpHeaders, body: Uint8Array): boolean {
  const shown = single(headers['x-hub-signature-256'])
  return shown !== undefined && equalSecret(shown, `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
