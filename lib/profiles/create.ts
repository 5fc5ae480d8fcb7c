import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Locks } from '../platform/locks.ts'
import { newNonce } from '../platform/random.ts'
import { sameKey } from '../relay/keys.ts'
import { parseRelayUrl } from '../relay/url.ts'
import type { Identity, Pin } from './model.ts'
import { freeName, profileName } from './names.ts'

/** client:PRF3: as many as may be live together. */
export const MOST_PROFILES = 10

export type NewProfile = {
  name: string
  /** A taken name gets a suffix instead of being refused. client:IDN7 */
  suffix?: boolean
  relayUrl: string
  identity: Omit<Identity, 'profileId'>
  pin?: Omit<Pin, 'profileId'> | undefined
  channels?: ChannelConfig[]
}

/**
 * A profile of its own, all or nothing; it connects when the offscreen document is told. Gives its id. Throws Failure
 * `too_many_profiles`, `name_taken`, `key_present` or `relay_address`. client:PRF1, PRF2, IDN7
 */
export async function createProfile(
  { db, locks, now }: { db: Database; locks: Locks; now: () => number },
  { name: words, suffix = false, relayUrl, identity, pin, channels = [] }: NewProfile,
): Promise<string> {
  const relay = parseRelayUrl(relayUrl)
  if (!relay.ok) throw new Failure('relay_address', relay.reason)
  return locks.hold('profiles', async () => {
    const [profiles, identities] = await Promise.all([db.getAll('profiles'), db.getAll('identities')])
    if (profiles.length >= MOST_PROFILES)
      throw new Failure('too_many_profiles', `There can be ${MOST_PROFILES} profiles. Delete one you do not need any more.`)
    const taken = profiles.map((profile) => profile.name)
    const wanted = profileName(words)
    const name = suffix ? freeName(wanted, taken) : wanted
    if (taken.includes(name)) throw nameTaken()
    if (identities.some(({ publicKey }) => sameKey(publicKey, identity.publicKey))) throw keyPresent()
    // Never used before: what is still said of a profile that was deleted finds nobody.
    const id = newNonce()
    const transaction = db.transaction(['profiles', 'identities', 'pins', 'channels'], 'readwrite')
    await transaction.objectStore('identities').add({ profileId: id, ...identity })
    await transaction.objectStore('profiles').add({ id, name, relayUrl: relay.url, createdAt: now(), stopped: false })
    if (pin?.origin === relay.url) await transaction.objectStore('pins').add({ profileId: id, ...pin })
    for (const [order, config] of channels.entries())
      await transaction.objectStore('channels').add({ profileId: id, id: config.id, config, seenAt: now(), order })
    await transaction.done
    return id
  })
}

/** client:PRF1 */
export function nameTaken(): Failure {
  return new Failure('name_taken', 'There is a profile of this name already. Choose another one.')
}

/** client:IDN7 */
export function keyPresent(): Failure {
  return new Failure('key_present', 'A profile of this browser already uses this identity. Nothing was changed.')
}
