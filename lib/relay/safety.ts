import type { Database } from '../database/open.ts'
import { fingerprintOf } from './keys.ts'
import { safetyNumber } from './safetyNumber.ts'
import { readVerdict, type SafetyVerdict } from './safetyVerdict.ts'

export type Safety =
  /** A pasted token, or a key that is gone: nothing here signs. */
  | { state: 'unsigned' }
  /** Before the first contact with this relay. */
  | { state: 'unpinned' }
  | {
      state: 'known'
      number: string
      userId: string
      verdict?: SafetyVerdict
      /** Another number was compared before. */
      changed: boolean
    }

/** What there is to compare for a profile, and whether that was done. client:SAF2, SAF4 */
export async function readSafety(db: Database, profileId: string): Promise<Safety> {
  const transaction = db.transaction(['profiles', 'identities', 'sessions', 'pins'])
  const [profile, identity, session, pin] = await Promise.all([
    transaction.objectStore('profiles').get(profileId),
    transaction.objectStore('identities').get(profileId),
    transaction.objectStore('sessions').get(profileId),
    transaction.objectStore('pins').get(profileId),
  ])
  if (!identity || session?.bearer) return { state: 'unsigned' }
  const { relayUrl } = profile ?? {}
  if (!session || session.origin !== relayUrl || pin?.origin !== relayUrl) return { state: 'unpinned' }
  const number = await safetyNumber(await fingerprintOf(identity.publicKey), await fingerprintOf(pin.key))
  const verdict = await readVerdict(db, profileId)
  const isOfThis = verdict?.number === number
  return {
    state: 'known',
    number,
    userId: session.userId,
    ...(isOfThis && { verdict }),
    changed: verdict !== undefined && !isOfThis,
  }
}
