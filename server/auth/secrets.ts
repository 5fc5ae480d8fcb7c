import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Constant-time comparison of two secrets of any length: their hashes are, so not even the length shows. The one place secrets are compared. (By way of
 * hex, because one-shot hashing into a string costs a quarter of hashing into a Buffer.) relay:GEN4
 */
export function equalSecret(a: string, b: string): boolean {
  return matchesDigest(a, secretDigest(b))
}

/** A secret in the form `matchesDigest` compares with: kept where the same secret is compared with every request. */
export function secretDigest(secret: string): Buffer {
  return Buffer.from(hash('sha256', secret, 'hex'))
}

/** Whether this is the secret of a digest, in constant time. relay:GEN4 */
export function matchesDigest(shown: string, digest: Buffer): boolean {
  return timingSafeEqual(secretDigest(shown), digest)
}

/** What is stored and looked up instead of a token. relay:REG9 */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex')
}

/** A fresh secret in `[A-Za-z0-9_-]`, by default with 192 random bits. */
export function randomSecret(bytes = 24): string {
  return randomBytes(bytes).toString('base64url')
}
