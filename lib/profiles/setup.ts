import type { Database } from '../database/open.ts'
import type { Locks } from '../platform/locks.ts'
import { createKeyPair } from '../relay/keys.ts'
import { DEFAULT_PROFILE, DEFAULT_RELAY_URL } from './model.ts'
import { DEFAULT_NAME } from './names.ts'

/**
 * Makes the default profile with its key while there is none at all: profile and key come into being together, so that a profile without
 * a key is one that lost it (client:IDN3). client:IDN1, CRG1, CRG2
 */
export async function ensureDefaultProfile({ db, locks, now }: { db: Database; locks: Locks; now: () => number }): Promise<void> {
  if ((await db.count('profiles')) > 0) return
  await locks.hold('profiles', async () => {
    if ((await db.count('profiles')) > 0) return
    const key = await createKeyPair()
    const transaction = db.transaction(['profiles', 'identities'], 'readwrite')
    await transaction.objectStore('identities').add({ profileId: DEFAULT_PROFILE, ...key, createdAt: now() })
    await transaction
      .objectStore('profiles')
      .add({ id: DEFAULT_PROFILE, name: DEFAULT_NAME, relayUrl: DEFAULT_RELAY_URL, createdAt: now(), stopped: false })
    await transaction.done
  })
}
