import { useMemo } from 'preact/hooks'
import { okAnswerSchema } from '#protocol/http.ts'
import { forgetSession } from '../../profiles/leaveRelay.ts'
import { readAccess, renewToken } from '../../relay/access.ts'
import type { AccessActions } from '../../relay/ui/AccessSection.tsx'
import type { PageContext } from '../page.ts'
import { createPageWorld } from './pageWorld.ts'

/** What the session on the relay can be asked and told. No message between contexts carries a token. client:IDN2, ACC1-ACC4 */
export function useAccessActions({ db, changes, connection, profileId }: PageContext) {
  return useMemo(() => {
    const world = createPageWorld(db)
    const actions: AccessActions = {
      renewToken: () => renewToken(world, profileId, false),
      endOthers: () => renewToken(world, profileId, true),
    }
    return {
      ...actions,
      read: () => readAccess(world.client, profileId),
      async deleteOnRelay() {
        const profile = await db.get('profiles', profileId)
        // First, so that the relay's farewell is not taken for a session to get back. client:CRG3
        await connection.disconnect({ profileId })
        try {
          await world.client.ask(profileId, { method: 'DELETE', target: '/session' }, okAnswerSchema)
        } catch (error) {
          if (profile?.stopped === false) await connection.connect({ profileId })
          throw error
        }
        await forgetSession(world, profileId)
        for (const topic of ['profiles', 'channels', 'steps', 'automations'] as const) changes.tell({ topic, profileId })
      },
    }
  }, [db, changes, connection, profileId])
}
