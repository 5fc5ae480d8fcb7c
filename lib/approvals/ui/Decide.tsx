import { i18n } from '#i18n'
import type { Database } from '../../database/open.ts'
import type { Caller } from '../../messaging/define.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { channelName } from '../../ui/channelName.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { rich, slots } from '../../ui/rich.tsx'
import type { approvalMessages } from '../messages.ts'
import type { ApprovalRow } from '../model.ts'

export type ApprovalHost = { db: Database; profileId: string; approvals: Caller<typeof approvalMessages.table> }

/** Deny and Allow, and how to answer where it was asked. client:APR13 */
export function Decide({ host, row, by }: { host: ApprovalHost; row: ApprovalRow; by: 'popup' | 'options' }) {
  const announce = useAnnounce()
  const { profileId, id } = row
  const act = useAction(async (decision: 'allow' | 'deny') => {
    const { counted } = await host.approvals.decide({ profileId, id, decision, by })
    announce(i18n.t(counted ? `approvals.said.${decision}` : 'approvals.said.before'))
  })
  return (
    <>
      <FailureNote failure={act.failure} />
      <div class="footer-actions">
        <Button disabled={act.busy} onClick={() => void act.run('deny')}>
          {i18n.t('approvals.deny')}
        </Button>
        <Button kind="primary" disabled={act.busy} onClick={() => void act.run('allow')}>
          {i18n.t('approvals.allow')}
        </Button>
      </div>
      {row.asked && (
        <p class="caption faint approve-else">
          {rich(i18n.t('approvals.orAnswer', { channel: channelName(row.asked.channelType), ...slots('yes', 'no') }), {
            yes: (
              <span class="mono" translate={false}>
                yes {id}
              </span>
            ),
            no: (
              <span class="mono" translate={false}>
                no {id}
              </span>
            ),
          })}
        </p>
      )}
    </>
  )
}
