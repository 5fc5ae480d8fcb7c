import { useMemo } from 'preact/hooks'
import { createScheduling } from '../scheduling.ts'
import { useHost } from './host.ts'

/** Scheduling, with every window and the part that sends told of it. client:SCH1, SCH4 */
export function useScheduling() {
  const { db, tell } = useHost()
  return useMemo(() => {
    const scheduling = createScheduling({ db, now: Date.now })
    const told =
      <A extends [{ profileId: string; conversationId: string }, ...unknown[]]>(act: (...args: A) => Promise<void>) =>
      async (...args: A): Promise<void> => {
        await act(...args)
        const [{ profileId, conversationId }] = args
        for (const topic of ['scheduled', 'drafts'] as const) tell({ topic, profileId, conversationId })
      }
    return {
      add: told(scheduling.add),
      edit: told(scheduling.edit),
      sendNow: told(scheduling.sendNow),
      cancel: told(scheduling.cancel),
    }
  }, [db, tell])
}
