import { useMemo } from 'preact/hooks'
import { openBackup } from '../../profiles/backup.ts'
import { exportIdentity } from '../../profiles/exportIdentity.ts'
import { moveToNewIdentity } from '../../profiles/rekey.ts'
import { importIdentity, refuseKnownKey, startBearerSession } from '../../profiles/replaceIdentity.ts'
import type { IdentityActions } from '../../profiles/ui/actions.ts'
import { checkToken } from '../../relay/bearer.ts'
import type { PageContext } from '../page.ts'
import { createPageWorld } from './pageWorld.ts'

/** Everything about the key happens in this page, on the CryptoKey of the database: no message carries any of it. client:IDN2, IDN5 */
export function useIdentityActions({ db, changes, connection, profileId }: PageContext): IdentityActions {
  return useMemo(() => {
    const { now, network, locks, client } = createPageWorld(db)
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
