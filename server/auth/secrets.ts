import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Constant-time comparison of two secrets of any length: their hashes are, so not even the length shows. The one place secrets are compared. (By way of
 * hex, because one-shot hashing into a string costs a quarter of hashing into a Buffer.) relay:GEN4
 */
export function equalSecret(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hash('sha256', a, 'hex')), Buffer.from(hash('sha256', b, 'hex')))
}

/** What is stored and looked up instead of a token. relay:REG9 */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex')
}

/** A fresh secret in `[A-Za-z0-9_-]`, by default with 192 random bits. */
export function randomSecret(bytes = 24): string {
  return randomBytes(bytes).toString('base64url')
}
