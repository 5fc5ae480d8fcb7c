import { useMemo } from 'preact/hooks'
import { saveVerdict } from '../../relay/safetyVerdict.ts'
import type { SafetyActions } from '../../relay/ui/SafetySection.tsx'
import type { PageContext } from '../page.ts'

/** What comparing comes to. client:SAF4 */
export function useSafetyActions({ db, changes, connection, profileId }: PageContext): SafetyActions {
  return useMemo(
    () => ({
      async keepVerdict(number, verdict) {
        await saveVerdict(db, profileId, { number, verdict, at: Date.now() })
        changes.tell({ topic: 'profiles', profileId })
      },
      disconnect: () => connection.disconnect({ profileId }),
    }),
    [db, changes, connection, profileId],
  )
}
