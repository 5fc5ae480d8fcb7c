import * as z from 'zod/mini'

/** A P-256 public key. `d` is refused, other members are ignored. relay:REG2 */
export const publicKeySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
  y: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
})
export type PublicKeyJwk = z.infer<typeof publicKeySchema>

/** RFC 7638 thumbprint input: what client:PIN6 hashes into a fingerprint. */
export function thumbprintJson(key: PublicKeyJwk): string {
  return JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x, y: key.y })
}

/** Hex digest to groups of four: `ab12 cd34 …`. client:PIN6 */
export function fingerprintGroups(hex: string): string {
  return hex.match(/.{1,4}/g)?.join(' ') ?? ''
}
