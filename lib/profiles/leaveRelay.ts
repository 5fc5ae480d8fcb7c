import type { Database } from '../database/open.ts'
import type { Locks } from '../platform/locks.ts'
import { recoveryKey } from '../relay/account.ts'

const STORES = ['sessions', 'cursors', 'channels', 'steps', 'vault', 'automations', 'settings'] as const

/**
 * What this browser kept of a session that was deleted on the relay: token, place in the list, channels with their secrets. Key, pin and
 * messages stay; the next connection makes a new session, to which nothing is brought. The profile must be disconnected. client:ACC4
 */
export async function forgetSession({ db, locks }: { db: Database; locks: Locks }, profileId: string): Promise<void> {
  await locks.hold(`recovery:${profileId}`, () =>
    locks.hold(`register:${profileId}`, async () => {
      const transaction = db.transaction(STORES, 'readwrite')
      const all = IDBKeyRange.bound([profileId], [profileId, []])
      await Promise.all([
        transaction.objectStore('sessions').delete(profileId),
        transaction.objectStore('cursors').delete(profileId),
        transaction.objectStore('channels').delete(all),
        transaction.objectStore('steps').delete(all),
        transaction.objectStore('vault').delete(all),
        transaction.objectStore('automations').delete(all),
        transaction.objectStore('settings').delete(recoveryKey(profileId)),
      ])
      await transaction.done
    }),
  )
}
