import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export type Identity = ReturnType<typeof createIdentity>
export type SignOptions = {
  version?: 1 | 2
  now?: number
  timestamp?: string
  nonce?: string
}

/** A client's P-256 key pair and the headers it signs requests with. The texts are spelled out here, apart from lib/protocol, to check it. */
export function createIdentity() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  return {
    privateKey,
    publicKey: { kty, crv, x, y },
    headers: (method: string, target: string, body: string | Uint8Array, options?: SignOptions) =>
      signedHeaders(privateKey, method, target, body, options),
  }
}

export function freshNonce(): string {
  return randomBytes(16).toString('hex')
}

export function sha256Hex(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('hex')
}

function signedHeaders(
  key: KeyObject,
  method: string,
  target: string,
  body: string | Uint8Array,
  { version = 2, now = Date.now(), timestamp = new Date(now).toISOString(), nonce = freshNonce() }: SignOptions = {},
): Record<string, string> {
  const bodyHash = sha256Hex(body)
  const text =
    version === 1
      ? `${timestamp}|${nonce}|${target.split('?')[0]}|${bodyHash}`
      : `v2|${timestamp}|${nonce}|${method}|${target}|${bodyHash}`
  return {
    'X-Timestamp': timestamp,
    'X-Nonce': nonce,
    'X-Signature': sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64'),
    ...(version === 2 && { 'X-Signature-Version': '2' }),
  }
}
