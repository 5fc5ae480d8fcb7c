import { createPublicKey, type KeyObject } from 'node:crypto'
import { RelayError } from '#protocol/errors.ts'
import { type PublicKeyJwk, publicKeySchema } from '#protocol/keys.ts'

/**
 * A caller's public key in its one canonical form: a point on P-256, no private part, other members dropped. The coordinates are encoded anew,
 * so that two spellings of one point are one identity. Throws invalid_key; the message never quotes the key. relay:REG2, REG8
 */
export function parsePublicKey(value: unknown): PublicKeyJwk {
  const parsed = publicKeySchema.safeParse(value)
  if (!parsed.success || (typeof value === 'object' && value !== null && 'd' in value)) throw invalid()
  const key = { kty: parsed.data.kty, crv: parsed.data.crv, x: canonical(parsed.data.x), y: canonical(parsed.data.y) }
  importPublicKey(key)
  return key
}

/** Throws invalid_key when the point is not on the curve. */
export function importPublicKey(key: PublicKeyJwk): KeyObject {
  try {
    return createPublicKey({ key, format: 'jwk' })
  } catch {
    throw invalid()
  }
}

function canonical(coordinate: string): string {
  return Buffer.from(coordinate, 'base64url').toString('base64url')
}

function invalid(): RelayError {
  return new RelayError('invalid_key', 'The publicKey must be a public EC P-256 key in JWK form (kty, crv, x, y).')
}
