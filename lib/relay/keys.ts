import { fromBase64, toBase64, toHex } from '#protocol/base64.ts'
import { fingerprintGroups, type PublicKeyJwk, publicKeySchema, thumbprintJson } from '#protocol/keys.ts'

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const
const utf8 = new TextEncoder()

export type KeyPair = { publicKey: PublicKeyJwk; privateKey: CryptoKey }

/** client:IDN1: a P-256 pair whose private half cannot leave the browser, unless a backup of it was asked for now. client:IDN4 */
export async function createKeyPair(exportable = false): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey(CURVE, exportable, ['sign', 'verify'])
  return { publicKey: publicKeySchema.parse(await crypto.subtle.exportKey('jwk', pair.publicKey)), privateKey: pair.privateKey }
}

/** relay:SIG4: raw r and s, base64. */
export async function signText(key: CryptoKey, text: string): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.sign(SIGNATURE, key, utf8.encode(text))))
}

/** False for anything that is not a signature of this text by this key, malformed ones included. */
export async function verifyText(key: PublicKeyJwk, text: string, signature: string): Promise<boolean> {
  const bytes = fromBase64(signature)
  if (!bytes) return false
  try {
    const imported = await crypto.subtle.importKey('jwk', key, CURVE, false, ['verify'])
    return await crypto.subtle.verify(SIGNATURE, imported, bytes, utf8.encode(text))
  } catch {
    return false
  }
}

export async function sha256Hex(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof data === 'string' ? utf8.encode(data) : data
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

/** client:PIN6 */
export async function fingerprintOf(key: PublicKeyJwk): Promise<string> {
  return fingerprintGroups(await sha256Hex(thumbprintJson(key)))
}

export function sameKey(a: PublicKeyJwk, b: PublicKeyJwk): boolean {
  return a.x === b.x && a.y === b.y
}
