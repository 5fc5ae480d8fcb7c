import type { AccessTold } from '../../relay/ui/AccessFacts.tsx'
import { AccessSection } from '../../relay/ui/AccessSection.tsx'
import { asFailure } from '../../ui/action.ts'
import { type Live, useLive } from '../../ui/live.ts'
import type { PageContext } from '../page.ts'
import type { useAccessActions } from './accessActions.ts'
import type { SecurityFacts } from './securityFacts.ts'

type Props = {
  page: PageContext
  session: SecurityFacts['session']
  stopped: boolean
  /** When the connection came to be what it is: sockets come and go with it. */
  since: number | undefined
  actions: ReturnType<typeof useAccessActions>
}

/** Asked only where there is a session and the profile may talk: a request would make a new one. client:ACC1, SOC9 */
export function AccessPart({ page, session, stopped, since, actions }: Props) {
  const silent = session === undefined || stopped
  const answer = useLive(async () => (silent ? undefined : actions.read()), [], [page.profileId, silent, since])
  return (
    <AccessSection
      told={session === undefined ? { state: 'none' } : stopped ? { state: 'stopped' } : toldBy(answer)}
      unsigned={session === 'pasted'}
      actions={actions}
      askAgain={answer.reload}
    />
  )
}

function toldBy({ value, error }: Live<Awaited<ReturnType<ReturnType<typeof useAccessActions>['read']>> | undefined>): AccessTold {
  if (error) {
    const { code, message } = asFailure(error)
    return code === 'not_found' || code === 'http_404' ? { state: 'old' } : { state: 'unavailable', reason: message }
  }
  return value ? { state: 'told', session: value } : { state: 'asking' }
}
