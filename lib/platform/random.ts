import { toHex } from '#protocol/base64.ts'

/** Between 0 and 1, for jitter only. */
export type Random = () => number

/** client:CSG2: 16 random bytes as hex. */
export function newNonce(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)))
}
