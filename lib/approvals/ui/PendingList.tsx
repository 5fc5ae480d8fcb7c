import { useEffect, useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import { Button } from '../../ui/Button.tsx'
import { useNow } from '../../ui/now.ts'
import { isOpen, type Mode } from '../model.ts'
import { ApprovalDetails } from './ApprovalDetails.tsx'
import { type ApprovalHost, Decide } from './Decide.tsx'
import { usePending } from './usePending.ts'
import './approvals.css'

type Props = {
  host: ApprovalHost
  mode: Mode | undefined
  /** To where is chosen what is asked. */
  toMode: () => void
}

/** All that waits, whole, each with its two buttons. client:APR13 */
export function PendingList({ host, mode, toMode }: Props) {
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
      {waiting.length === 0 && (
        <div class="card card-pad row-line small muted none-wait">
          <p class="grow">{i18n.t(mode === 'off' ? 'approvals.noneAsked' : 'approvals.noneWait')}</p>
          {mode === 'off' && (
            <Button small onClick={toMode}>
              {i18n.t('approvals.chooseMode')}
            </Button>
          )}
        </div>
      )}
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
