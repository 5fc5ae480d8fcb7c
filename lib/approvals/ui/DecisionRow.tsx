import { ChevronDown } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Database } from '../../database/open.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { moment } from '../../ui/moment.ts'
import { rich, slots } from '../../ui/rich.tsx'
import { Tag } from '../../ui/Tag.tsx'
import { fullTime } from '../../ui/time.ts'
import type { ApprovalRow } from '../model.ts'
import { Answers } from './Answers.tsx'
import { Arguments } from './Arguments.tsx'
import { Cause } from './Cause.tsx'
import { standingWords } from './standingWords.ts'

/** One decision in a line, and under it everything that is known of it. client:APR15 */
export function DecisionRow({ db, row, now }: { db: Database; row: ApprovalRow; now: number }) {
  const [open, setOpen] = useState(false)
  const { kind, icon, text, more } = standingWords(row, now)
  const at = 'decidedAt' in row.standing ? row.standing.decidedAt : row.expiresAt
  return (
    <li>
      <details class="decision" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class={`decision-mark decision-${kind}`}>
            <Icon of={icon} />
          </span>
          <span class="decision-words">
            <span class="decision-what">
              {rich(i18n.t('approvals.asked', slots('agent', 'action')), {
                agent: <bdi>{row.agentId ?? i18n.t('approvals.anAgent')}</bdi>,
                action: <code dir="auto">{row.action}</code>,
              })}{' '}
              <Tag>{i18n.t(`approvals.kind.${row.kind}`)}</Tag>
            </span>
            <span class="small muted">{text}</span>
          </span>
          <time class="small faint num" dateTime={new Date(at).toISOString()} title={fullTime(at)}>
            {moment(at, now)}
          </time>
          <Icon of={ChevronDown} class="decision-fold" />
        </summary>
        {open && (
          <div class="approve decision-more">
            {more && <p class="small">{more}</p>}
            <Cause db={db} row={row} />
            <Arguments row={row} />
            <Answers db={db} row={row} />
            <p class="row-line small muted">
              <span>{rich(i18n.t('approvals.request', slots('id')), { id: <code dir="ltr">{row.id}</code> })}</span>
              <CopyButton bare text={row.id} thing={i18n.t('approvals.request', { id: row.id })} />
            </p>
          </div>
        )}
      </details>
    </li>
  )
}
