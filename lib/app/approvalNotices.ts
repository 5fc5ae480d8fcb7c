import type { browser } from 'wxt/browser'
import { type ApprovalRow, isOpen } from '../approvals/model.ts'
import { readApproval } from '../approvals/queries.ts'
import { summarise } from '../approvals/visible.ts'
import type { Database } from '../database/open.ts'
import type { Settings } from '../inbox/messages.ts'
import { type NoticeTarget, noticeId } from '../inbox/notices.ts'
import type { NoticeTexts } from './notifier.ts'
import { readSettings } from './settings.ts'

/** As much as every desktop shows of a notification. */
const IN_SIGHT = 120

/** What a button of an approval's notification does. */
export type Press = { do: 'decide'; decision: 'allow' | 'deny' } | { do: 'open' }

/** Requests as notifications, with Allow where all of the arguments are in sight, and Review where they are not. client:APR13, INB3 */
export function createApprovalNotices({
  db,
  notifications,
  iconUrl,
  texts,
  profileLine,
  now,
}: {
  db: Database
  notifications: (typeof browser)['notifications']
  iconUrl: string
  texts: NoticeTexts
  profileLine: (profileId: string) => Promise<{ contextMessage?: string }>
  now: () => number
}) {
  /** Whoever hides what messages say does not want to see on the screen what they cause either. */
  const inSight = ({ args }: ApprovalRow, { notificationContent }: Settings): boolean => {
    const { text, whole } = summarise(args)
    return notificationContent && whole && text.length <= IN_SIGHT
  }
  const idOf = ({ profileId, id }: Pick<ApprovalRow, 'profileId' | 'id'>): string => noticeId({ profileId, approvalId: id })

  return {
    async ask(row: ApprovalRow): Promise<void> {
      const settings = await readSettings(db, row.profileId)
      if (settings.notifications !== 'on' || !settings.profileNotifications) return
      await notifications.create(idOf(row), {
        type: 'basic',
        iconUrl,
        title: texts.approval(row.agentId, row.action),
        message: settings.notificationContent ? summarise(row.args).text : texts.argumentsHidden(),
        ...(await profileLine(row.profileId)),
        // It has a deadline and goes by itself.
        requireInteraction: true,
        buttons: [{ title: inSight(row, settings) ? texts.allow() : texts.review() }, { title: texts.deny() }],
      })
    },

    async clear(row: ApprovalRow): Promise<void> {
      await notifications.clear(idOf(row))
    },

    /** What a press means, also to a worker that never saw the notification made. */
    async press({ profileId, approvalId = '' }: NoticeTarget, button: number): Promise<Press> {
      if (button !== 0) return { do: 'decide', decision: 'deny' }
      const row = await readApproval(db, profileId, approvalId)
      const seen = row && isOpen(row, now()) && inSight(row, await readSettings(db, profileId))
      return seen ? { do: 'decide', decision: 'allow' } : { do: 'open' }
    },
  }
}
