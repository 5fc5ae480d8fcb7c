import type { ChannelConfig } from '#protocol/channel.ts'
import type { PublicKeyJwk } from '#protocol/keys.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import { sameKey, signText, verifyText } from '../relay/keys.ts'
import { parseRelayUrl, type RelayUrl } from '../relay/url.ts'
import type { Backup } from './backup.ts'
import { keyPresent } from './create.ts'
import type { NewKey, Pin } from './model.ts'

/** An identity that was used elsewhere, from a backup file or from a recovery phrase; a phrase knows no name, pin or channel. */
export type FoundIdentity = {
  name?: string
  relayUrl: string
  key: NewKey
  createdAt: number
  pin?: Omit<Pin, 'profileId'> | undefined
  channels: ChannelConfig[]
}

/** Throws Failure `backup_damaged` for a file whose key is none. client:IDN7 */
export async function foundInBackup({ privateKey: { d, ...publicKey }, ...rest }: Backup): Promise<FoundIdentity> {
  const damaged = new Failure('backup_damaged', 'The key in this backup is damaged, so it cannot be used. Nothing was changed.')
  const jwk = { ...publicKey, d, ext: true }
  try {
    const privateKey = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])
    if (await verifyText(publicKey, 'backup', await signText(privateKey, 'backup')))
      return { ...rest, key: { publicKey, privateKey, exportable: true } }
  } catch {
    throw damaged
  }
  throw damaged
}

/** Throws Failure `key_present`. Asked before the user is asked to confirm, and again when it is brought. client:IDN7 */
export async function refuseKnownKey(db: Database, key: PublicKeyJwk): Promise<void> {
  const known = await db.getAll('identities')
  if (known.some(({ publicKey }) => sameKey(publicKey, key))) throw keyPresent()
}

/** Throws Failure `relay_address`. */
export function usableAddress({ relayUrl }: Pick<FoundIdentity, 'relayUrl'>): Extract<RelayUrl, { ok: true }> {
  const relay = parseRelayUrl(relayUrl)
  if (!relay.ok) throw new Failure('relay_address', `The identity belongs to an address that cannot be used. ${relay.reason}`)
  return relay
}
