import { useMemo } from 'preact/hooks'
import { okAnswerSchema } from '#protocol/http.ts'
import { forgetCopies } from '../../inbox/ui/draftCopy.ts'
import { createProfile } from '../../profiles/create.ts'
import { makeKey } from '../../profiles/newKey.ts'
import { removeProfile } from '../../profiles/remove.ts'
import { ensureDefaultProfile } from '../../profiles/setup.ts'
import { renameProfile } from '../../profiles/store.ts'
import type { ProfileActions } from '../../profiles/ui/profiles.ts'
import type { OpenPage } from '../page.ts'
import { createPageWorld } from './pageWorld.ts'

/** What the page of the profiles can do. client:PRF1-PRF5 */
export function useProfileActions({ db, connection, profiles }: OpenPage): ProfileActions {
  return useMemo(() => {
    const world = createPageWorld(db)
    return {
      async create({ name, relayUrl, key }) {
        const identity = { ...(await makeKey(key)), createdAt: world.now() }
        const profileId = await createProfile(world, { name, relayUrl, identity })
        await connection.connect({ profileId })
        return profileId
      },
      async rename(profileId, name) {
        await renameProfile(db, profileId, name)
        await profiles.changed({ profileId })
      },
      connect: (profileId) => connection.connect({ profileId }),
      disconnect: (profileId) => connection.disconnect({ profileId }),
      async remove(profileId, onRelay) {
        const profile = await db.get('profiles', profileId)
        // First, so that the relay's farewell is not taken for a session to get back. client:CRG3
        await connection.disconnect({ profileId })
        try {
          if (onRelay) await world.client.ask(profileId, { method: 'DELETE', target: '/session' }, okAnswerSchema)
          await removeProfile(world, profileId)
        } catch (error) {
          if (profile?.stopped === false) await connection.connect({ profileId })
          throw error
        }
        forgetCopies(profileId)
        await ensureDefaultProfile(world)
        await profiles.changed({ profileId })
      },
    }
  }, [db, connection, profiles])
}
