import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import { privateKeySchema, sealBackup } from './backup.ts'

/**
 * The backup of a profile's identity as the text of a file. Runs in a page, on the CryptoKey of the database; nothing of it is kept or sent
 * anywhere. Throws Failure `identity_lost`, or `not_exportable` for a key made without backup (client:IDN6). client:IDN2, IDN5
 */
export async function exportIdentity(db: Database, profileId: string, passphrase: string): Promise<string> {
  const transaction = db.transaction(['profiles', 'identities', 'pins', 'channels'])
  const [profile, identity, pin, channels] = await Promise.all([
    transaction.objectStore('profiles').get(profileId),
    transaction.objectStore('identities').get(profileId),
    transaction.objectStore('pins').get(profileId),
    transaction.objectStore('channels').getAll(IDBKeyRange.bound([profileId], [profileId, []])),
  ])
  if (!profile || !identity) throw new Failure('identity_lost', 'There is no key to back up.')
  if (!identity.exportable || !identity.privateKey.extractable)
    throw new Failure(
      'not_exportable',
      'This key was made without backup and cannot leave this browser. Move to a key with backup.',
    )
  const privateKey = privateKeySchema.parse(await crypto.subtle.exportKey('jwk', identity.privateKey))
  const { origin, key, pinnedAt } = pin ?? {}
  return sealBackup(
    {
      name: profile.name,
      relayUrl: profile.relayUrl,
      privateKey,
      ...(origin && key && pinnedAt !== undefined && { pin: { origin, key, pinnedAt } }),
      channels: channels.map(({ config }) => config),
      createdAt: identity.createdAt,
    },
    passphrase,
  )
}
