import type { PublicKeyJwk } from '#protocol/keys.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Identity, Pin, Profile, Session } from '../profiles/model.ts'
import { sameKey } from './keys.ts'
import { parseRelayUrl, type RelayUrl } from './url.ts'

/** Who a profile is and where: everything the signed client needs. `session` and `pin` only if they belong to the present address. */
export type Account = {
  profile: Profile
  relay: Extract<RelayUrl, { ok: true }>
  identity: Identity
  session?: Session
  pin?: Pin
}

/**
 * Throws Failure: `no_profile`, `relay_address` (client:URL1, URL4), `identity_lost` (client:IDN3), `blocked` (client:PIN4: nothing is sent).
 */
export async function readAccount(db: Database, profileId: string): Promise<Account> {
  const transaction = db.transaction(['profiles', 'identities', 'sessions', 'pins'])
  const [profile, identity, session, pin] = await Promise.all([
    transaction.objectStore('profiles').get(profileId),
    transaction.objectStore('identities').get(profileId),
    transaction.objectStore('sessions').get(profileId),
    transaction.objectStore('pins').get(profileId),
  ])
  if (!profile) throw new Failure('no_profile', 'This profile does not exist (any more).')
  const relay = parseRelayUrl(profile.relayUrl)
  if (!relay.ok) throw new Failure('relay_address', relay.reason)
  if (!identity)
    throw new Failure('identity_lost', 'The signing key of this profile is gone. Import your backup or start with a new identity.')
  if (pin?.offered && pin.origin === relay.url) throw blocked()
  return {
    profile,
    relay,
    identity,
    ...(session?.origin === relay.url && { session }),
    ...(pin?.origin === relay.url && { pin }),
  }
}

export function blocked(): Failure {
  return new Failure(
    'blocked',
    'The relay shows another key than before. Nothing is sent or accepted until you decide whether to trust it.',
  )
}

/** client:CSG3 */
export async function saveClockOffset(db: Database, profileId: string, clockOffsetMs: number): Promise<void> {
  const transaction = db.transaction('sessions', 'readwrite')
  const session = await transaction.store.get(profileId)
  if (session) await transaction.store.put({ ...session, clockOffsetMs })
  await transaction.done
}

/** Blocks the profile, by Failure `blocked`, if `key` is not the pinned one. client:PIN4 */
export async function holdAgainstPin(db: Database, { profile: { id }, relay }: Account, key: PublicKeyJwk): Promise<void> {
  const transaction = db.transaction('pins', 'readwrite')
  const pin = await transaction.store.get(id)
  const isOther = pin?.origin === relay.url && !sameKey(pin.key, key)
  if (isOther) await transaction.store.put({ ...pin, offered: key })
  await transaction.done
  if (isOther) throw blocked()
}

/** Whose a pasted token is. client:CRG7 */
export async function saveUserId(db: Database, profileId: string, apiKey: string, userId: string): Promise<void> {
  const transaction = db.transaction('sessions', 'readwrite')
  const session = await transaction.store.get(profileId)
  if (session?.apiKey === apiKey) await transaction.store.put({ ...session, userId })
  await transaction.done
}

/** Notes that a re-issue reached the relay, so that the next one keeps its distance. client:CRG4 */
export async function saveReissue(db: Database, profileId: string, reissuedAt: number): Promise<void> {
  const transaction = db.transaction('sessions', 'readwrite')
  const session = await transaction.store.get(profileId)
  if (session) await transaction.store.put({ ...session, reissuedAt })
  await transaction.done
}

/**
 * Stores what a register brought, all or nothing (client:CRG2); an older relay brings no `key`. A pin is never overwritten (client:PIN5). `lost` means the relay gave
 * another userId than before: cursor and acknowledgements start anew and the channels are remembered for rebuilding (client:REC1).
 */
export async function saveRegistration(
  db: Database,
  key: PublicKeyJwk | undefined,
  session: Session,
): Promise<'first' | 'same' | 'lost'> {
  const { profileId, origin } = session
  const transaction = db.transaction(['sessions', 'pins', 'cursors', 'channels', 'settings'], 'readwrite')
  const pins = transaction.objectStore('pins')
  const sessions = transaction.objectStore('sessions')
  const [pin, before] = await Promise.all([pins.get(profileId), sessions.get(profileId)])
  if (key && pin?.origin === origin && !sameKey(pin.key, key)) {
    await pins.put({ ...pin, offered: key })
    await transaction.done
    throw blocked()
  }
  if (key && pin?.origin !== origin) await pins.put({ profileId, origin, key, pinnedAt: Date.now() })
  await sessions.put(session)
  const outcome = before?.origin !== origin ? 'first' : before.userId === session.userId ? 'same' : 'lost'
  if (outcome === 'lost') {
    await transaction.objectStore('cursors').delete(profileId)
    const channels = await transaction.objectStore('channels').getAll(IDBKeyRange.bound([profileId], [profileId, []]))
    await transaction.objectStore('settings').put({ key: recoveryKey(profileId), value: { channels, done: [] } })
  }
  await transaction.done
  return outcome
}

/** Where the channels of a lost session wait for being rebuilt. client:REC1 */
export function recoveryKey(profileId: string): string {
  return `recovery:${profileId}`
}
