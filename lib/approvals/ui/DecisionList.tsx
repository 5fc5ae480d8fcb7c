import { Download, History } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Database } from '../../database/open.ts'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { useLive } from '../../ui/live.ts'
import { useNow } from '../../ui/now.ts'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { listDecided, type Outcome } from '../audit.ts'
import { DecisionRow } from './DecisionRow.tsx'
import './decisions.css'

/** Rows at once; the rest comes when asked for. */
const PAGE_ROWS = 50
const MINUTE_MS = 60_000
const OUTCOMES = ['all', 'allowed', 'refused'] as const

type Props = {
  db: Database
  profileId: string
  /** To where is chosen what is asked. */
  toMode: () => void
  save: () => Promise<void>
}

/** What was decided in the last 30 days, and all of it as a file. client:APR15 */
export function DecisionList({ db, profileId, toMode, save }: Props) {
  const [most, setMost] = useState(PAGE_ROWS)
  const [outcome, setOutcome] = useState<Outcome>('all')
  const listed = useLive(
    () => listDecided(db, profileId, most, Date.now(), outcome),
    ['approvals'],
    [db, profileId, most, outcome],
  ).value
  const now = useNow(MINUTE_MS)
  const saving = useAction(save)
  const any = listed !== undefined && listed.rows.length > 0
  const choosable = any || outcome !== 'all'
  return (
    <section class="section" aria-labelledby="decisions">
      <div class="section-head decisions-head">
        <h2 id="decisions">{i18n.t('approvals.decisions')}</h2>
        <span class="muted grow">{i18n.t('approvals.decisionsKept')}</span>
        {choosable && (
          <Button small disabled={saving.busy} onClick={() => void saving.run()}>
            <Icon of={Download} />
            {i18n.t('approvals.export')}
          </Button>
        )}
      </div>
      <FailureNote failure={saving.failure} />
      {choosable && (
        <fieldset class="decisions-outcomes">
          <legend class="sr">{i18n.t('approvals.outcomes.which')}</legend>
          {OUTCOMES.map((one) => (
            <button
              key={one}
              type="button"
              class="chip"
              aria-pressed={one === outcome}
              onClick={() => {
                setOutcome(one)
                setMost(PAGE_ROWS)
              }}
            >
              {i18n.t(`approvals.outcomes.${one}`)}
            </button>
          ))}
        </fieldset>
      )}
      <div class="card">
        {!listed && <SkeletonRows rows={3} />}
        {listed && !any && outcome !== 'all' && <p class="card-pad small muted">{i18n.t('approvals.outcomes.none')}</p>}
        {listed && !any && outcome === 'all' && (
          <EmptyState
            icon={History}
            title={i18n.t('approvals.noDecisions')}
            action={<Button onClick={toMode}>{i18n.t('approvals.chooseMode')}</Button>}
          >
            {i18n.t('approvals.noDecisionsMore')}
          </EmptyState>
        )}
        {any && (
          <ul class="decisions">
            {listed.rows.map((row) => (
              <DecisionRow key={row.id} db={db} row={row} now={now} />
            ))}
          </ul>
        )}
        {listed?.more && (
          <p class="decisions-more">
            <Button kind="quiet" onClick={() => setMost(most + PAGE_ROWS)}>
              {i18n.t('approvals.showMore')}
            </Button>
          </p>
        )}
      </div>
    </section>
  )
}
