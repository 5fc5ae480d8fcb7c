import { useMemo } from 'preact/hooks'
import { createLocks } from '../../platform/locks.ts'
import { systemTimers } from '../../platform/timers.ts'
import { openBackup } from '../../profiles/backup.ts'
import { exportIdentity } from '../../profiles/exportIdentity.ts'
import { moveToNewIdentity } from '../../profiles/rekey.ts'
import { importIdentity, refuseKnownKey, startBearerSession } from '../../profiles/replaceIdentity.ts'
import type { IdentityActions } from '../../profiles/ui/actions.ts'
import { checkToken } from '../../relay/bearer.ts'
import { createRelayClient } from '../../relay/http.ts'
import { createRegistrar } from '../../relay/register.ts'
import type { PageContext } from '../page.ts'

/** Everything about the key happens in this page, on the CryptoKey of the database: no message carries any of it. client:IDN2, IDN5 */
export function useIdentityActions({ db, changes, connection, profileId }: PageContext): IdentityActions {
  return useMemo(() => {
    const { now } = systemTimers
    const network = { fetch: (url: string, init: RequestInit) => fetch(url, init), timers: systemTimers }
    const locks = createLocks(navigator.locks)
    // A session that is lost is noticed by the worker too, at the next connection.
    const registrar = createRegistrar({ db, network, locks, onLost: () => undefined })
    const client = createRelayClient({ db, network, registrar })
    const line = {
      disconnect: () => connection.disconnect({ profileId }),
      connect: () => connection.connect({ profileId }),
      pollNow: () => connection.pollNow({ profileId }),
    }
    const tell = (): void => {
      for (const topic of ['profiles', 'channels', 'steps', 'connection'] as const) changes.tell({ topic, profileId })
    }
    return {
      exportBackup: (passphrase) => exportIdentity(db, profileId, passphrase),
      async openBackup(text, passphrase) {
        const backup = await openBackup(text, passphrase)
        await refuseKnownKey(db, backup)
        return backup
      },
      async importBackup(backup) {
        await line.disconnect()
        await importIdentity({ db, locks, now }, profileId, backup).finally(async () => {
          await line.connect()
          tell()
        })
      },
      async checkToken(pasted) {
        const session = await checkToken({ db, network }, profileId, pasted)
        return async () => {
          await line.disconnect()
          await startBearerSession({ db, locks, now }, session).finally(async () => {
            await line.connect()
            tell()
          })
        }
      },
      ownKeyAgain: () => moveToNewIdentity({ db, locks, now, client, line }, profileId, undefined).finally(tell),
      newIdentity: (exportable) => moveToNewIdentity({ db, locks, now, client, line }, profileId, { exportable }).finally(tell),
    }
  }, [db, changes, connection, profileId])
}
