import { ChevronRight, ShieldAlert } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Database } from '../../database/open.ts'
import { Icon } from '../../ui/Icon.tsx'
import { useNow } from '../../ui/now.ts'
import { rich, slots } from '../../ui/rich.tsx'
import { href } from '../../ui/router.ts'
import { secondsLeft } from '../../ui/time.ts'
import { isOpen } from '../model.ts'
import { clockLeft } from './left.ts'
import { usePending } from './usePending.ts'

/** What waits for a yes, over the inbox and over conversations; `away` while a request is open. client:APR13, UIX2 */
export function ApprovalStrip({ db, profileId, away }: { db: Database; profileId: string; away: boolean }) {
  const pending = usePending(db, profileId)
  const now = useNow(pending.length > 0 ? 1000 : undefined)
  const waiting = pending.filter((row) => isOpen(row, now))
  const [first] = waiting
  const link = useReturn(away)
  if (!first) return null
  const agent = first.agentId ?? i18n.t('approvals.anAgent')
  return (
    <a ref={link} class="banner banner-warn strip approval-strip" href={href('approval', first.id)}>
      <Icon of={ShieldAlert} />
      <span class="grow truncate">
        {rich(i18n.t('approvals.strip', slots('agent')), {
          agent: (
            <b>
              <bdi>{agent}</bdi>
            </b>
          ),
        })}
        {waiting.length > 1 && <span class="muted"> {i18n.t('approvals.more', [waiting.length - 1])}</span>}
      </span>
      <span class="num muted">{clockLeft(secondsLeft(first.expiresAt, now))}</span>
      <b class="row-line">
        {i18n.t('approvals.review')}
        <Icon of={ChevronRight} size="sm" flip />
      </b>
    </a>
  )
}

/** Back from a request, the keyboard goes on from where it came from. */
function useReturn(away: boolean) {
  const link = useRef<HTMLAnchorElement>(null)
  const before = useRef(away)
  useEffect(() => {
    if (before.current && !away && document.activeElement === document.body) link.current?.focus()
    before.current = away
  }, [away])
  return link
}
