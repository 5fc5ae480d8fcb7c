import { useEffect } from 'preact/hooks'
import { listPending } from '../../approvals/queries.ts'
import { listChannels, listSteps } from '../../channels/queries.ts'
import { readProfile } from '../../profiles/queries.ts'
import { readConnection } from '../../relay/queries.ts'
import { useLive } from '../../ui/live.ts'
import { applyLook } from '../../ui/theme.ts'
import type { PageContext } from '../page.ts'

export type Shared = ReturnType<typeof useShared>

/** What every page of the options needs, read once and kept up to date. Each part is `undefined` until it has been read. */
export function useShared({ db, settings, profileId }: PageContext) {
  const profile = useLive(() => readProfile(db, profileId), ['profiles'], [db, profileId])
  const connection = useLive(async () => ({ now: await readConnection(db, profileId) }), ['connection'], [db, profileId])
  const channels = useLive(() => listChannels(db, profileId), ['channels'], [db, profileId])
  const steps = useLive(() => listSteps(db, profileId), ['steps'], [db, profileId])
  const waiting = useLive(async () => (await listPending(db, profileId, Date.now())).length, ['approvals'], [db, profileId])
  const chosen = useLive(() => settings.get({ profileId }), ['settings'], [settings, profileId])
  const look = chosen.value
  useEffect(() => {
    if (look) applyLook(look)
  }, [look?.theme, look?.density])
  const failed = [profile, connection, channels, steps, waiting, chosen].find(({ error }) => error !== undefined)
  return { profile, connection, channels, steps, waiting, settings: chosen, failed }
}
