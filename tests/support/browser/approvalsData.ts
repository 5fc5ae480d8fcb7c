import type { AnswerRow, ApprovalRow, Asked } from '../../../lib/approvals/model.ts'
import { at, channel, message, NOW, type Rows, talk } from './previewData.ts'

/** What the pages of approvals show in their pictures, on the day of previewData. */

const HASH = '9f2c41ab07d5e3186b2f90ac4d7781e5c03b6a92f14d8e57b0c2963fd1a8e740'
const asked: Asked = {
  conversationId: 'tg:1',
  channelType: 'telegram',
  at: at('14:09'),
  promptId: 'p',
  told: true,
  reminded: false,
}

function approval(id: string, when: number, over: Partial<ApprovalRow> = {}): ApprovalRow {
  return {
    profileId: 'default',
    id,
    action: 'send_email',
    args: {},
    argsHash: HASH,
    kind: 'write',
    channelId: 'tg',
    conversation: '1',
    agentId: 'trip-desk',
    afterSeq: 0,
    epoch: 'e',
    createdAt: when,
    receivedAt: when,
    expiresAt: when + 300_000,
    asked,
    standing: { state: 'asking' },
    ...over,
  }
}

const chat: Rows = {
  channels: [channel('tg', 'telegram', { name: 'trip-desk', agentId: 'trip-desk' })],
  conversations: [
    talk({ id: 'tg:1', type: 'telegram', title: 'Ada Okafor', when: at('14:07'), text: 'Can you also move the hotel to Friday?' }),
  ],
  messages: [message('m-hotel', 'tg:1', 'Can you also move the hotel to Friday?', at('14:07'))],
}

/** Two that wait: a letter, and something with more arguments than a screen is wide. */
export const waiting: Rows = {
  ...chat,
  approvals: [
    approval('k7m4px2q', NOW - 48_000, {
      args: {
        to: 'front@hotel-alfama.example',
        subject: 'Booking LIS-0412: Friday instead of Thursday',
        body: 'Dear team, please move the room for Okafor to Friday 5 December, same rate.',
        attach: 'none',
      },
    }),
    approval('t9v2kx4m', NOW - 12_000, {
      action: 'calendar.move_event_with_a_rather_long_name_of_its_own',
      args: { event: { id: 'LIS-0412', attendees: ['ada@okafor.example', 'tomas@rivera.example'] }, days: 1, notify: true },
    }),
  ],
}

/** One that waits in a profile that is not in view, one of manyProfiles. */
export const waitingElsewhere: Rows = { approvals: [approval('c9', NOW - 30_000, { profileId: 'c' })] }

const answer = (messageId: string, approvalId: string, when: number, over: Partial<AnswerRow>): AnswerRow => ({
  profileId: 'default',
  messageId,
  approvalIds: [approvalId],
  outcome: 'allowed',
  from: 'Ada Okafor',
  text: 'yes',
  channelType: 'telegram',
  at: when,
  ...over,
})

/** A decision of each kind. */
export const decided: Rows = {
  ...chat,
  approvals: [
    approval('a1', at('13:58'), {
      args: { to: 'front@hotel-alfama.example', subject: 'Late arrival' },
      standing: { state: 'used', by: 'telegram', decidedAt: at('13:59') },
    }),
    approval('a2', at('13:40'), {
      action: 'files.delete',
      args: { path: '/home/ada/trips/2024' },
      standing: {
        state: 'denied',
        by: 'popup',
        reason: 'The user refused this files.delete over the popup.',
        decidedAt: at('13:41'),
      },
    }),
    approval('a3', at('13:20'), {
      action: 'bookings.list',
      kind: 'read',
      standing: { state: 'used', by: 'mode', reason: 'It only reads.', decidedAt: at('13:20') },
    }),
    approval('a4', at('12:02'), { action: 'payments.send', standing: { state: 'denied', by: 'timeout', decidedAt: at('12:07') } }),
    approval('a5', at('11:15'), { action: 'files.move', standing: { state: 'allowed', by: 'options', decidedAt: at('11:16') } }),
    approval('a6', at('10:00'), {
      action: 'deploy',
      agentId: 'ci-bot',
      standing: {
        state: 'denied',
        by: 'extension',
        reason: 'This deploy was refused because nobody could be asked: a webhook answers nothing.',
        decidedAt: at('10:00'),
      },
    }),
    approval('a7', at('09:00', 3), {
      action: 'calendar.add',
      standing: { state: 'expired', by: 'notification', decidedAt: at('09:01', 3) },
    }),
  ],
  answers: [
    answer('x1', 'a1', at('13:58') + 20_000, { outcome: 'reminded', text: 'ok but say it is only one night' }),
    answer('x2', 'a1', at('13:59'), { text: 'yes a1' }),
    answer('x3', 'a1', at('14:01'), { from: 'Tomás Rivera', outcome: 'decided_before', text: 'No!' }),
  ],
}
