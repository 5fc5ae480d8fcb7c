import { useEffect, useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import { useNow } from '../../ui/now.ts'
import { isOpen } from '../model.ts'
import { ApprovalDetails } from './ApprovalDetails.tsx'
import { type ApprovalHost, Decide } from './Decide.tsx'
import { usePending } from './usePending.ts'
import './approvals.css'

/** All that waits, whole, each with its two buttons. client:APR13 */
export function PendingList({ host }: { host: ApprovalHost }) {
  const { db, profileId } = host
  const pending = usePending(db, profileId)
  const now = useNow(pending.length > 0 ? 1000 : undefined)
  const waiting = pending.filter((row) => isOpen(row, now))
  const heading = useRef<HTMLHeadingElement>(null)
  const before = useRef(0)
  useEffect(() => {
    // The pressed button went with its request: the keyboard goes on from here.
    if (waiting.length < before.current && document.activeElement === document.body) heading.current?.focus()
    before.current = waiting.length
  }, [waiting.length])
  return (
    <section class="section" aria-labelledby="waiting">
      <div class="section-head">
        <h2 id="waiting" ref={heading} tabIndex={-1}>
          {i18n.t('approvals.waiting')}
        </h2>
        {waiting.length > 1 && <span class="muted num">{i18n.t('approvals.waitingCount', waiting.length)}</span>}
      </div>
      {waiting.length === 0 && <p class="card card-pad small muted">{i18n.t('approvals.noneWait')}</p>}
      {waiting.map((row) => (
        <article key={row.id} class="card approval-card" aria-label={i18n.t('approvals.request', { id: row.id })}>
          <div class="approve">
            <ApprovalDetails db={db} row={row} open />
          </div>
          <footer class="approval-card-foot">
            <Decide host={host} row={row} by="options" />
          </footer>
        </article>
      ))}
    </section>
  )
}
