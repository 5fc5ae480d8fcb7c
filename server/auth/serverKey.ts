import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type PublicKeyJwk, publicKeySchema } from '#protocol/keys.ts'
import type { MetaStore } from '../store/port.ts'

/** Encrypts small texts at rest. relay:STO2 */
export type Seal = { seal(plain: string): string; unseal(sealed: string): string }

const META_KEY = 'serverKey'

export type ServerKey = {
  /** The same P-256 key for all callers. */
  publicKey: PublicKeyJwk
  /** Base64 of raw r then s over the UTF-8 text. relay:SIG4, SRV1 */
  sign(text: string): string
}

/** The relay's own key: read from the store, or made and stored (sealed) on the first start, or when `fresh` asks for it. relay:SRV3, STO3 */
export async function openServerKey({
  meta,
  seal,
  fresh = false,
}: {
  meta: MetaStore
  seal: Seal
  fresh?: boolean
}): Promise<ServerKey> {
  const stored = fresh ? undefined : await meta.get(META_KEY)
  if (stored !== undefined) return serverKey(createPrivateKey(seal.unseal(stored)))
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await meta.set(META_KEY, seal.seal(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()))
  return serverKey(privateKey)
}

function serverKey(privateKey: KeyObject): ServerKey {
  const publicKey = publicKeySchema.parse(createPublicKey(privateKey).export({ format: 'jwk' }))
  return {
    publicKey,
    sign: (text) => sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64'),
  }
}
