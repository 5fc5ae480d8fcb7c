import { useMemo } from 'preact/hooks'
import { openBackup } from '../../profiles/backup.ts'
import { createProfile } from '../../profiles/create.ts'
import { exportIdentity } from '../../profiles/exportIdentity.ts'
import { foundInBackup, refuseKnownKey } from '../../profiles/found.ts'
import { makeKey } from '../../profiles/newKey.ts'
import { moveToNewIdentity } from '../../profiles/rekey.ts'
import { bringInto, startBearerSession } from '../../profiles/replaceIdentity.ts'
import type { IdentityActions } from '../../profiles/ui/actions.ts'
import { checkToken } from '../../relay/bearer.ts'
import type { PageContext } from '../page.ts'
import { createPageWorld } from './pageWorld.ts'

/** Everything about the key happens in this page, on the CryptoKey of the database: no message carries any of it. client:IDN2, IDN5 */
export function useIdentityActions({ db, changes, connection, profileId }: PageContext): IdentityActions {
  return useMemo(() => {
    const world = createPageWorld(db)
    const { now, network } = world
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
        const found = await foundInBackup(await openBackup(text, passphrase))
        await refuseKnownKey(db, found.key.publicKey)
        return found
      },
      async openPhrase(words, relayUrl) {
        const { keyOfPhrase } = await import('../../profiles/phrase.ts')
        const key = await keyOfPhrase(words)
        await refuseKnownKey(db, key.publicKey)
        return { relayUrl, key, createdAt: now(), channels: [] }
      },
      async bring(found, to) {
        if (to.place === 'new') {
          const { key, createdAt, relayUrl, pin, channels } = found
          const identity = { ...key, createdAt }
          const created = await createProfile(world, { name: to.name, suffix: true, relayUrl, identity, pin, channels })
          await connection.connect({ profileId: created })
          return created
        }
        await line.disconnect()
        await bringInto(world, profileId, found).finally(async () => {
          await line.connect()
          tell()
        })
        return profileId
      },
      async checkToken(pasted) {
        const session = await checkToken({ db, network }, profileId, pasted)
        return async () => {
          await line.disconnect()
          await startBearerSession(world, session).finally(async () => {
            await line.connect()
            tell()
          })
        }
      },
      ownKeyAgain: () => moveToNewIdentity({ ...world, line }, profileId, undefined).finally(tell),
      newIdentity: async (wanted) => moveToNewIdentity({ ...world, line }, profileId, await makeKey(wanted)).finally(tell),
    }
  }, [db, changes, connection, profileId])
}
