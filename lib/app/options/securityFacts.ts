import type { Database } from '../../database/open.ts'
import { backupOf } from '../../profiles/model.ts'
import { fingerprintOf } from '../../relay/keys.ts'
import { readSafety } from '../../relay/safety.ts'

export type SecurityFacts = Awaited<ReturnType<typeof readSecurity>>

/** What the security page shows of the keys; never a private one. client:IDN2, PIN6 */
export async function readSecurity(db: Database, profileId: string) {
  const [profile, identity, pin, session] = await Promise.all([
    db.get('profiles', profileId),
    db.get('identities', profileId),
    db.get('pins', profileId),
    db.get('sessions', profileId),
  ])
  const held = pin?.origin === profile?.relayUrl ? pin : undefined
  return {
    own: identity && { fingerprint: await fingerprintOf(identity.publicKey), backup: backupOf(identity) },
    pinned: held && { fingerprint: await fingerprintOf(held.key), pinnedAt: held.pinnedAt },
    /** Of the other key that is seen while blocked. client:PIN4 */
    offered: held?.offered && (await fingerprintOf(held.offered)),
    /** client:CRG7 */
    session:
      session?.origin !== profile?.relayUrl ? undefined : session?.bearer ? ('pasted' as const) : session && ('own' as const),
    safety: await readSafety(db, profileId),
  }
}
