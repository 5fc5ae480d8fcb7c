import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import { fingerprintOf } from '../relay/keys.ts'
import { parseRelayUrl } from '../relay/url.ts'
import { nameTaken } from './create.ts'
import type { Pin } from './model.ts'
import { profileName } from './names.ts'

/** client:SOC9 */
export async function setStopped(db: Database, profileId: string, stopped: boolean): Promise<void> {
  const transaction = db.transaction('profiles', 'readwrite')
  const profile = await transaction.store.get(profileId)
  if (profile) await transaction.store.put({ ...profile, stopped })
  await transaction.done
}

/** Throws Failure `name_taken`. client:PRF1 */
export async function renameProfile(db: Database, profileId: string, words: string): Promise<void> {
  const name = profileName(words)
  const transaction = db.transaction('profiles', 'readwrite')
  const profiles = await transaction.store.getAll()
  const profile = profiles.find(({ id }) => id === profileId)
  const isTaken = profiles.some((other) => other.name === name && other.id !== profileId)
  if (profile && !isTaken) await transaction.store.put({ ...profile, name })
  await transaction.done
  if (isTaken) throw nameTaken()
}

/**
 * Moves a profile to another relay: key and channels stay, token, cursor and pin are of the old one. Where the address was only cleared and is
 * the same again, all of it stays. client:URL2, URL3, URL5, RST1
 */
export async function setRelayUrl(db: Database, profileId: string, input: string): Promise<void> {
  const relay = parseRelayUrl(input)
  if (!relay.ok) throw new Failure('relay_address', relay.reason)
  const transaction = db.transaction(['profiles', 'sessions', 'cursors', 'pins'], 'readwrite')
  const profiles = transaction.objectStore('profiles')
  const profile = await profiles.get(profileId)
  if (profile && profile.relayUrl !== relay.url) {
    const pinned = profile.pinned ?? ((await transaction.objectStore('pins').getKey(profileId)) !== undefined || undefined)
    await profiles.put({ ...profile, relayUrl: relay.url, ...(pinned && { pinned }) })
    const isBack = profile.relayUrl === '' && (await transaction.objectStore('sessions').get(profileId))?.origin === relay.url
    for (const name of isBack ? [] : (['sessions', 'cursors', 'pins'] as const))
      await transaction.objectStore(name).delete(profileId)
  }
  await transaction.done
}

/** The address goes, and nothing else. client:RST1 */
export async function clearRelayUrl(db: Database, profileId: string): Promise<void> {
  const transaction = db.transaction('profiles', 'readwrite')
  const profile = await transaction.store.get(profileId)
  if (profile) await transaction.store.put({ ...profile, relayUrl: '' })
  await transaction.done
}

/** The block ends and the pinned key stays: `pin` is what was found to answer again. client:PIN5 */
export async function forgetOfferedKey(db: Database, pin: Pin): Promise<void> {
  const transaction = db.transaction('pins', 'readwrite')
  const { offered: _, ...own } = (await transaction.store.get(pin.profileId)) ?? pin
  if (own.pinnedAt === pin.pinnedAt) await transaction.store.put(own)
  await transaction.done
}

/**
 * Makes the key the relay showed the pinned one. `typed` must be the first 8 characters of its fingerprint, so that it was compared.
 * client:PIN5
 */
export async function trustOfferedKey(db: Database, profileId: string, typed: string, now: number): Promise<void> {
  const pin = await db.get('pins', profileId)
  if (!pin?.offered) throw new Failure('nothing_to_trust', 'The relay shows the key it always had.')
  const fingerprint = (await fingerprintOf(pin.offered)).replaceAll(' ', '')
  if (typed.replace(/\s/g, '').toLowerCase() !== fingerprint.slice(0, 8))
    throw new Failure(
      'wrong_fingerprint',
      'These are not the first 8 characters of the new fingerprint. Compare it with the one your relay prints, then type them again.',
    )
  const transaction = db.transaction(['pins', 'sessions'], 'readwrite')
  const { profileId: id, origin, offered } = pin
  await transaction.objectStore('pins').put({ profileId: id, origin, key: offered, pinnedAt: now })
  const session = await transaction.objectStore('sessions').get(profileId)
  if (session) {
    // The user decided: the next register need not keep its distance (client:CRG4).
    const { reissuedAt: _past, ...rest } = session
    await transaction.objectStore('sessions').put(rest)
  }
  await transaction.done
}
