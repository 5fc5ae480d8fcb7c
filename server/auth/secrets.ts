import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Constant-time comparison of two secrets of any length. The one place secrets are compared. relay:GEN4 */
export function equalSecret(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'))
}

/** What is stored and looked up instead of a token. relay:REG9 */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex')
}

/** A fresh secret in `[A-Za-z0-9_-]`, by default with 192 random bits. */
export function randomSecret(bytes = 24): string {
  return randomBytes(bytes).toString('base64url')
}
