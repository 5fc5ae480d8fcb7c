import { useEffect, useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Database } from '../../database/open.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useNow } from '../../ui/now.ts'
import { rich, slots } from '../../ui/rich.tsx'
import { clockTime, secondsLeft } from '../../ui/time.ts'
import type { ApprovalRow } from '../model.ts'
import { Arguments } from './Arguments.tsx'
import { Cause } from './Cause.tsx'
import { clockLeft } from './left.ts'

/** Length of the ring's line. */
const RING = 157
/** Said once to those who do not see the ring. */
const SOON_SECONDS = 60

/** Who wants to run what, because of which message, with which arguments. client:APR13 */
export function ApprovalDetails({ db, row, open }: { db: Database; row: ApprovalRow; open: boolean }) {
  return (
    <>
      <div class="approve-top">
        {open && <Ring row={row} />}
        <div class="grow">
          <p class="lead">
            {rich(i18n.t('approvals.wants', slots('agent', 'action')), {
              agent: (
                <b>
                  <bdi>{row.agentId ?? i18n.t('approvals.anAgent')}</bdi>
                </b>
              ),
              action: <code dir="auto">{row.action}</code>,
            })}
          </p>
          {open && <p class="small muted">{i18n.t('approvals.refusedAt', { time: clockTime(row.expiresAt) })}</p>}
        </div>
      </div>
      <Cause db={db} row={row} />
      <Arguments row={row} />
    </>
  )
}

/** The time left, as a number and as a ring. */
function Ring({ row }: { row: ApprovalRow }) {
  const announce = useAnnounce()
  const now = useNow(1000)
  const left = secondsLeft(row.expiresAt, now)
  const before = useRef(left)
  useEffect(() => {
    if (left > 0 && left <= SOON_SECONDS && before.current > SOON_SECONDS) announce(i18n.t('approvals.soon'))
    before.current = left
  }, [left])
  const share = Math.min(1, Math.max(0, row.expiresAt - now) / (row.expiresAt - row.receivedAt))
  return (
    <div
      class="approve-ring"
      role="timer"
      aria-label={i18n.t('approvals.left', { minutes: Math.floor(left / 60), seconds: left % 60 })}
    >
      <svg viewBox="0 0 56 56" aria-hidden="true">
        <circle cx="28" cy="28" r="25" />
        <circle cx="28" cy="28" r="25" class="ring-left" stroke-dasharray={`${Math.round(share * RING)} ${RING}`} />
      </svg>
      <span aria-hidden="true">{clockLeft(left)}</span>
    </div>
  )
}
