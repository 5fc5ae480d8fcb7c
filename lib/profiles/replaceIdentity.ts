import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Locks } from '../platform/locks.ts'
import { recoveryKey } from '../relay/account.ts'
import { sameKey } from '../relay/keys.ts'
import { keyPresent } from './create.ts'
import { type FoundIdentity, usableAddress } from './found.ts'
import type { Identity, NewKey, Profile, Session } from './model.ts'
import { freeName, profileName } from './names.ts'

type World = { db: Database; locks: Locks; now: () => number }
const STORES = ['profiles', 'identities', 'sessions', 'cursors', 'pins', 'channels', 'steps', 'settings'] as const

/**
 * Gives a profile a new key, and with it, at its next connection, a new session to which `channels` are brought by REC2. Messages, address
 * and pin stay. The profile must be disconnected: nothing may write its cursor meanwhile. client:IDN3, IDN4, IDN6
 */
export async function startNewIdentity(world: World, profileId: string, key: NewKey, channels: ChannelConfig[]): Promise<void> {
  const createdAt = world.now()
  await swap(world, profileId, { ...key, createdAt }, (stores) => leaveToRebuild(stores, profileId, channels, createdAt))
}

/** From a pasted token back to the profile's own key, and to the session it has or gets. `channels` as above. client:CRG7 */
export async function returnToOwnKey(world: World, profileId: string, channels: ChannelConfig[]): Promise<void> {
  await swap(world, profileId, undefined, (stores) => leaveToRebuild(stores, profileId, channels, world.now()))
}

async function leaveToRebuild(stores: Stores, profileId: string, channels: ChannelConfig[], now: number): Promise<void> {
  const list = channels.map((config, order) => ({ profileId, id: config.id, config, seenAt: now, order }))
  // A channel taken off the old session told so over the socket, which removed its record here.
  for (const channel of list) if (!(await stores.channels.get([profileId, channel.id]))) await stores.channels.put(channel)
  if (list.length > 0) await stores.settings.put({ key: recoveryKey(profileId), value: { channels: list, done: [] } })
  else await stores.settings.delete(recoveryKey(profileId))
}

/** Makes a pasted token, which the relay has accepted, the session of a profile. Its own key stays for the way back. client:CRG7 */
export async function startBearerSession(world: World, session: Session): Promise<void> {
  const { profileId } = session
  await swap(world, profileId, undefined, async (stores) => {
    await stores.sessions.put(session)
    const all = IDBKeyRange.bound([profileId], [profileId, []])
    await Promise.all([stores.channels.delete(all), stores.steps.delete(all), stores.settings.delete(recoveryKey(profileId))])
  })
}

/**
 * Makes an identity from elsewhere the one of this profile: the page asks first, the key that was here is gone afterwards, its messages
 * stay. A pin comes along, so that a relay with another key is blocked from the first contact (client:PIN7). Throws Failure `key_present`
 * or `relay_address`, having changed nothing. client:IDN3, IDN7, PHR5
 */
export async function bringInto(world: World, profileId: string, found: FoundIdentity): Promise<void> {
  const relay = usableAddress(found)
  const others = await world.db.getAll('profiles')
  const taken = others.filter(({ id }) => id !== profileId).map(({ name }) => name)
  const { key, createdAt, pin, channels } = found
  await swap(world, profileId, { ...key, createdAt }, async (stores, profile) => {
    const name = found.name === undefined ? profile.name : freeName(profileName(found.name), taken)
    const before = await stores.pins.get(profileId)
    // Of the key that goes; that there was one stays known. client:LEG2
    const pinned = profile.pinned ?? (before && true)
    await stores.profiles.put({ ...profile, name, relayUrl: relay.url, ...(pinned && { pinned }) })
    if (pin?.origin === relay.url) await stores.pins.put({ profileId, ...pin })
    else if (before?.origin !== relay.url) await stores.pins.delete(profileId)
    const all = IDBKeyRange.bound([profileId], [profileId, []])
    await Promise.all([stores.channels.delete(all), stores.steps.delete(all), stores.settings.delete(recoveryKey(profileId))])
    for (const [order, config] of channels.entries())
      await stores.channels.put({ profileId, id: config.id, config, seenAt: world.now(), order })
  })
}

/** One transaction, while nobody registers: all of the new identity or session, or nothing. */
async function swap(
  { db, locks }: World,
  profileId: string,
  identity: Omit<Identity, 'profileId'> | undefined,
  more: (stores: Stores, profile: Profile) => Promise<void>,
): Promise<void> {
  await locks.hold(`register:${profileId}`, async () => {
    const transaction = begin(db)
    const stores = storesOf(transaction)
    try {
      const [profile, known] = await Promise.all([stores.profiles.get(profileId), stores.identities.getAll()])
      if (!profile) throw new Failure('no_profile', 'This profile does not exist (any more).')
      if (identity && known.some(({ publicKey }) => sameKey(publicKey, identity.publicKey))) throw keyPresent()
      if (identity) await stores.identities.put({ profileId, ...identity })
      await Promise.all([stores.sessions.delete(profileId), stores.cursors.delete(profileId)])
      await more(stores, profile)
    } catch (error) {
      transaction.done.catch(() => undefined)
      transaction.abort()
      throw error
    }
    await transaction.done
  })
}

type Stores = ReturnType<typeof storesOf>

function storesOf(transaction: ReturnType<typeof begin>) {
  return {
    profiles: transaction.objectStore('profiles'),
    identities: transaction.objectStore('identities'),
    sessions: transaction.objectStore('sessions'),
    cursors: transaction.objectStore('cursors'),
    pins: transaction.objectStore('pins'),
    channels: transaction.objectStore('channels'),
    steps: transaction.objectStore('steps'),
    settings: transaction.objectStore('settings'),
  }
}

function begin(db: Database) {
  return db.transaction(STORES, 'readwrite')
}
