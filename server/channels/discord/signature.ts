import { createPublicKey, verify } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

const SIGNATURE_HEADER = 'x-signature-ed25519'
const TIMESTAMP_HEADER = 'x-signature-timestamp'
const SIGNATURE = /^[0-9a-f]{128}$/i
const KEY = /^[0-9a-f]{64}$/i

/** Whether somebody claims that Discord signed this. Discord tries endpoints with wrong signatures: then no other proof counts. relay:DC6 */
export function isSigned(headers: IncomingHttpHeaders): boolean {
  return headers[SIGNATURE_HEADER] !== undefined || headers[TIMESTAMP_HEADER] !== undefined
}

/** Ed25519 over the timestamp and the exact bytes of the body. `verifyKey` in hex. relay:DC6 */
export function isSignedByDiscord(headers: IncomingHttpHeaders, body: Buffer, verifyKey: string): boolean {
  const signature = headers[SIGNATURE_HEADER]
  const timestamp = headers[TIMESTAMP_HEADER]
  if (typeof signature !== 'string' || typeof timestamp !== 'string') return false
  if (!SIGNATURE.test(signature) || !KEY.test(verifyKey) || timestamp === '') return false
  const x = Buffer.from(verifyKey, 'hex').toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, Buffer.concat([Buffer.from(timestamp), body]), key, Buffer.from(signature, 'hex'))
}
