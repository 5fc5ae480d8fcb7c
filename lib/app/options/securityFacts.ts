import type { Database } from '../../database/open.ts'
import { backupOf } from '../../profiles/model.ts'
import { fingerprintOf } from '../../relay/keys.ts'
import { readSafety } from '../../relay/safety.ts'

export type SecurityFacts = Awaited<ReturnType<typeof readSecurity>>

/** What the security page shows of the keys; never a private one. client:IDN2, PIN6 */
export async function readSecurity(db: Database, profileId: string) {
  const [profile, identity, pin] = await Promise.all([
    db.get('profiles', profileId),
    db.get('identities', profileId),
    db.get('pins', profileId),
  ])
  return {
    own: identity && { fingerprint: await fingerprintOf(identity.publicKey), backup: backupOf(identity) },
    pinned:
      pin?.origin === profile?.relayUrl && pin ? { fingerprint: await fingerprintOf(pin.key), pinnedAt: pin.pinnedAt } : undefined,
    safety: await readSafety(db, profileId),
  }
}
