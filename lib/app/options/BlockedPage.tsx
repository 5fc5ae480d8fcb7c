import { Blocked } from '../../relay/ui/Blocked.tsx'
import { useLive } from '../../ui/live.ts'
import type { PageContext } from '../page.ts'
import { useProfileRows } from '../profileRows.ts'
import { profileTitle } from '../profileTitle.ts'
import { useConnectionActions } from './connectionActions.ts'
import type { SecurityFacts } from './securityFacts.ts'

type Props = { page: PageContext; facts: SecurityFacts; title: string; since: number }

/** The decision about a changed key, and what goes on meanwhile. client:PIN4, PIN5, PRF3 */
export function BlockedPage({ page, facts, title, since }: Props) {
  const { db, profileId } = page
  const actions = useConnectionActions(page)
  const waiting = useLive(
    () => db.countFromIndex('replies', 'state', IDBKeyRange.only([profileId, 'sending'])),
    ['replies'],
    [db, profileId],
  )
  const others = (useProfileRows(db) ?? []).filter(({ connection }) => connection?.state === 'connected')
  return (
    <Blocked
      profileName={title}
      since={since}
      trusted={facts.pinned}
      offered={facts.offered}
      waitingReplies={waiting.value ?? 0}
      others={others.map(({ name }) => profileTitle(name))}
      actions={actions}
    />
  )
}
