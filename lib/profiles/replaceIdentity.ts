import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Locks } from '../platform/locks.ts'
import { recoveryKey } from '../relay/account.ts'
import { createKeyPair, type KeyPair, sameKey, signText, verifyText } from '../relay/keys.ts'
import { parseRelayUrl } from '../relay/url.ts'
import type { Backup } from './backup.ts'
import type { Identity, Profile, Session } from './model.ts'
import { freeName } from './names.ts'

type World = { db: Database; locks: Locks; now: () => number }
const STORES = ['profiles', 'identities', 'sessions', 'cursors', 'pins', 'channels', 'steps', 'settings'] as const

/**
 * Gives a profile a new key, and with it, at its next connection, a new session to which `channels` are brought by REC2. Messages, address
 * and pin stay. The profile must be disconnected: nothing may write its cursor meanwhile. client:IDN3, IDN4, IDN6
 */
export async function startNewIdentity(
  world: World,
  profileId: string,
  { exportable, channels }: { exportable: boolean; channels: ChannelConfig[] },
): Promise<void> {
  const pair = await createKeyPair(exportable)
  const createdAt = world.now()
  const identity = { ...pair, createdAt, ...(exportable && { exportable }) }
  await swap(world, profileId, identity, (stores) => leaveToRebuild(stores, profileId, channels, createdAt))
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
 * Makes the identity of a backup the one of this profile. There is one profile in this version, so importing replaces: the page asks
 * first, the key that was here is gone afterwards, its messages stay. The name comes along, with a suffix if another profile has it; the
 * pin too, so that a relay with another key is blocked from the first contact (client:PIN7). Throws Failure `key_present`,
 * `backup_damaged` or `relay_address`, having changed nothing. client:IDN7
 */
export async function importIdentity(world: World, profileId: string, backup: Backup): Promise<void> {
  const relay = parseRelayUrl(backup.relayUrl)
  if (!relay.ok) throw new Failure('relay_address', `The backup names an address that cannot be used. ${relay.reason}`)
  const pair = await readKeyPair(backup)
  const others = await world.db.getAll('profiles')
  const taken = others.filter(({ id }) => id !== profileId).map(({ name }) => name)
  const { createdAt, pin } = backup
  await swap(world, profileId, { ...pair, createdAt, exportable: true }, async (stores, profile) => {
    await stores.profiles.put({ ...profile, name: freeName(backup.name, taken), relayUrl: relay.url })
    const before = await stores.pins.get(profileId)
    if (pin?.origin === relay.url) await stores.pins.put({ profileId, ...pin })
    else if (before?.origin !== relay.url) await stores.pins.delete(profileId)
    const all = IDBKeyRange.bound([profileId], [profileId, []])
    await Promise.all([stores.channels.delete(all), stores.steps.delete(all), stores.settings.delete(recoveryKey(profileId))])
    for (const [order, config] of backup.channels.entries())
      await stores.channels.put({ profileId, id: config.id, config, seenAt: world.now(), order })
  })
}

/** Throws Failure `key_present`. Asked before the user is asked to confirm, and again at the replacement. client:IDN7 */
export async function refuseKnownKey(db: Database, backup: Backup): Promise<void> {
  const known = await db.getAll('identities')
  if (known.some(({ publicKey }) => sameKey(publicKey, backup.privateKey))) throw present()
}

function present(): Failure {
  return new Failure('key_present', 'This browser already uses the identity of this backup. Nothing was changed.')
}

async function readKeyPair({ privateKey: { d, ...publicKey } }: Backup): Promise<KeyPair> {
  const damaged = new Failure('backup_damaged', 'The key in this backup is damaged, so it cannot be used. Nothing was changed.')
  const jwk = { ...publicKey, d, ext: true }
  try {
    const privateKey = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])
    if (await verifyText(publicKey, 'backup', await signText(privateKey, 'backup'))) return { publicKey, privateKey }
  } catch {
    throw damaged
  }
  throw damaged
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
      if (identity && known.some(({ publicKey }) => sameKey(publicKey, identity.publicKey))) throw present()
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
