import { hash, type KeyObject, verify } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { RelayError } from '#protocol/errors.ts'
import type { PublicKeyJwk } from '#protocol/keys.ts'
import { CLOCK_TOLERANCE_MS } from '#protocol/limits.ts'
import { EMPTY_BODY_HASH, NONCE_PATTERN, requestTextV1, requestTextV2 } from '#protocol/signing.ts'
import type { RelayRequest } from '../http/route.ts'
import { createLru } from './lru.ts'
import { importPublicKey } from './publicKey.ts'

export type SignatureHeaders = { timestamp: string; nonce: string; signature: string; version: string | undefined }

/** Which of the three signature headers a request carries. */
export function signatureHeaders(headers: IncomingHttpHeaders): { all?: SignatureHeaders; any: boolean } {
  const timestamp = text(headers['x-timestamp'])
  const nonce = text(headers['x-nonce'])
  const signature = text(headers['x-signature'])
  const version = text(headers['x-signature-version'])
  const any = timestamp !== undefined || nonce !== undefined || signature !== undefined || version !== undefined
  if (timestamp === undefined || nonce === undefined || signature === undefined) return { any }
  return { all: { timestamp, nonce, signature, version }, any }
}

/** An absent and an empty header are the same. */
function text(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && header !== '' ? header : undefined
}

/** Imported keys kept ready: an import costs a third of a verification (facts: 85 against 64 µs). About 1 KiB each. */
const KEYS_KEPT = 4096

/** `2026-03-01T12:00:00Z`, with or without fractions, with Z or an offset. relay:SIG6 */
const ISO_DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/

/** 64 bytes in standard base64, padding optional. relay:SIG4 */
const SIGNATURE = /^[A-Za-z0-9+/]{86}(?:==)?$/

export type VerifyRequest = ReturnType<typeof createRequestVerifier>

/**
 * Checks timestamp and signature of a request against a key, in this order (relay:AUTH5). Throws clock_skew or bad_signature; the nonce is for
 * the caller to remember afterwards (relay:SIG9). relay:SIG1-SIG7
 */
export function createRequestVerifier({ now }: { now: () => number }) {
  const keys = createLru<string, KeyObject>(KEYS_KEPT)

  function keyObject(publicKey: PublicKeyJwk): KeyObject {
    const id = publicKey.x + publicKey.y
    const known = keys.get(id)
    if (known) return known
    const imported = importPublicKey(publicKey)
    keys.set(id, imported)
    return imported
  }

  return (request: RelayRequest, signed: SignatureHeaders, publicKey: PublicKeyJwk): void => {
    checkTimestamp(signed.timestamp, now())
    if (!NONCE_PATTERN.test(signed.nonce))
      throw new RelayError('bad_signature', 'X-Nonce must be 8 to 128 visible ASCII characters without "|".')
    const message = signedText(request, signed)
    const signature = decodeSignature(signed.signature)
    if (message === undefined) throw new RelayError('bad_signature', 'X-Signature-Version must be 1 or 2.')
    if (signature === undefined)
      throw new RelayError('bad_signature', 'X-Signature must be a P-256 signature, r then s (64 bytes), in standard base64.')
    if (!verify('sha256', Buffer.from(message), { key: keyObject(publicKey), dsaEncoding: 'ieee-p1363' }, signature))
      throw new RelayError('bad_signature', 'The signature does not fit this request and key.')
  }
}

function checkTimestamp(timestamp: string, now: number): void {
  const time = ISO_DATE_TIME.test(timestamp) ? Date.parse(timestamp) : Number.NaN
  if (Math.abs(now - time) <= CLOCK_TOLERANCE_MS) return
  throw new RelayError(
    'clock_skew',
    'X-Timestamp must be an ISO date-time within 5 minutes of the relay’s clock. Check this device’s clock.',
    {
      serverTime: new Date(now).toISOString(),
    },
  )
}

/** `undefined` for an unknown version. relay:SIG1-SIG3, SIG5 */
function signedText(request: RelayRequest, { timestamp, nonce, version }: SignatureHeaders): string | undefined {
  const { method, pathname, target, body } = request
  const bodyHash = method === 'GET' || body.length === 0 ? EMPTY_BODY_HASH : hash('sha256', body, 'hex')
  if (version === undefined || version === '1') return requestTextV1({ timestamp, nonce, pathname, bodyHash })
  if (version === '2') return requestTextV2({ timestamp, nonce, method, target, bodyHash })
  return undefined
}

/** Only the one canonical spelling of 64 bytes: spare bits in the last character are refused. */
function decodeSignature(signature: string): Buffer | undefined {
  if (!SIGNATURE.test(signature)) return undefined
  const bytes = Buffer.from(signature, 'base64')
  return bytes.toString('base64').startsWith(signature) ? bytes : undefined
}
