import { useEffect } from 'preact/hooks'
import { useLive } from '../../ui/live.ts'
import { href, useRoute } from '../../ui/router.ts'
import type { Shared } from '../options/shared.ts'
import type { PageContext } from '../page.ts'
import { readSkipped } from './skipped.ts'

/** Who opens the settings without a place in mind, and has nothing yet, is led to the first steps. client:ONB4 */
export function useLanding({ db, profileId }: PageContext, { channels, steps }: Shared): void {
  const nowhere = useRoute().length === 0
  const skipped = useLive(() => readSkipped(db, profileId), [], [db, profileId]).value
  const empty = channels.value?.length === 0 && steps.value?.length === 0
  useEffect(() => {
    // Not a step of its own for the Back button.
    if (nowhere && empty && skipped === false) location.replace(href('start'))
  }, [nowhere, empty, skipped])
}
