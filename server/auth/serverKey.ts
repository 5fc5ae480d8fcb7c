import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { fingerprintGroups, type PublicKeyJwk, publicKeySchema, thumbprintJson } from '#protocol/keys.ts'
import type { MetaStore } from '../store/port.ts'

/** Encrypts small texts at rest. relay:STO2 */
export type Seal = { seal(plain: string): string; unseal(sealed: string): string }

const META_KEY = 'serverKey'
/** The fingerprint of the public half, in clear: `chaos-relay fingerprint` reads it beside a running relay. client:PIN6 */
export const FINGERPRINT_KEY = 'serverFingerprint'

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
  const privateKey = stored === undefined ? await newKey(meta, seal) : createPrivateKey(seal.unseal(stored))
  const key = serverKey(privateKey)
  const fingerprint = fingerprintOf(key.publicKey)
  if ((await meta.get(FINGERPRINT_KEY)) !== fingerprint) await meta.set(FINGERPRINT_KEY, fingerprint)
  return key
}

async function newKey(meta: MetaStore, seal: Seal): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await meta.set(META_KEY, seal.seal(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()))
  return privateKey
}

/** As the extension shows it. client:PIN6 */
export function fingerprintOf(key: PublicKeyJwk): string {
  return fingerprintGroups(createHash('sha256').update(thumbprintJson(key)).digest('hex'))
}

function serverKey(privateKey: KeyObject): ServerKey {
  const publicKey = publicKeySchema.parse(createPublicKey(privateKey).export({ format: 'jwk' }))
  return {
    publicKey,
    sign: (text) => sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64'),
  }
}
