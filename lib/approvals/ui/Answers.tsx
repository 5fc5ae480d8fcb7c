import { i18n } from '#i18n'
import type { Database } from '../../database/open.ts'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import { useLive } from '../../ui/live.ts'
import { clockTime } from '../../ui/time.ts'
import { listAnswers } from '../audit.ts'
import type { ApprovalRow } from '../model.ts'

/** What was said to a request in its conversation, and what became of it. client:APR15 */
export function Answers({ db, row }: { db: Database; row: ApprovalRow }) {
  const answers = useLive(() => listAnswers(db, row), ['approvals', 'messages'], [db, row.profileId, row.id]).value ?? []
  if (answers.length === 0) return null
  return (
    <div class="stack answers">
      <p class="label">{i18n.t('approvals.answers')}</p>
      <ul>
        {answers.map(({ messageId, from, text, at, channelType, outcome }) => (
          <li key={messageId} class="row-line">
            <ChannelMark type={channelType} />
            <span class="grow">
              <b>
                <bdi>{from}</bdi>
              </b>{' '}
              <q>{text}</q>
              <span class="small muted"> {i18n.t(`approvals.outcome.${outcome}`)}</span>
            </span>
            <span class="small faint num">{clockTime(at)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
