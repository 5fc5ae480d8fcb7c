import { p256 } from '@noble/curves/nist.js'
import { generateMnemonic, mnemonicToSeedWebcrypto } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { toBase64 } from '#protocol/base64.ts'
import type { NewKey } from './model.ts'

/** client:PHR1: random bits of 12 and 24 words. */
const BITS = { 12: 128, 24: 256 } as const
const utf8 = new TextEncoder()
/** Apart from every other use of the same words. client:PHR2 */
const SALT = utf8.encode('chaos-relay identity')

/** Fresh words. Whoever has them is this identity: they are shown, confirmed and forgotten. client:PHR1 */
export function makePhrase(length: 12 | 24): string[] {
  return generateMnemonic(wordlist, BITS[length]).split(' ')
}

/** The key that follows from the words alone, the same on every machine. Its private half cannot leave. client:PHR2, PHR4 */
export async function keyOfPhrase(words: readonly string[]): Promise<NewKey> {
  const seed = await mnemonicToSeedWebcrypto(words.join(' '))
  const material = await crypto.subtle.importKey('raw', new Uint8Array(seed), 'HKDF', false, ['deriveBits'])
  const scalar = await firstScalar(async (n) => {
    const derivation = { name: 'HKDF', hash: 'SHA-256', salt: SALT, info: utf8.encode(`P-256 ${n}`) }
    return new Uint8Array(await crypto.subtle.deriveBits(derivation, material, 256))
  })
  // 4, x, y
  const point = p256.getPublicKey(scalar, false)
  const publicKey = { kty: 'EC', crv: 'P-256', x: base64Url(point.slice(1, 33)), y: base64Url(point.slice(33)) } as const
  const jwk = { ...publicKey, d: base64Url(scalar) }
  const privateKey = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  seed.fill(0)
  scalar.fill(0)
  return { publicKey, privateKey, phrase: true }
}

/** The first of the numbered candidates that is a private key of the curve: all but one in 2^32 are. client:PHR2 */
export async function firstScalar(candidate: (n: number) => Promise<Uint8Array>): Promise<Uint8Array> {
  for (let n = 0; ; n++) {
    const bytes = await candidate(n)
    if (p256.utils.isValidSecretKey(bytes)) return bytes
  }
}

function base64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
