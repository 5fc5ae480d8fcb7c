import { expect, it } from 'vitest'
import type { InboxMessage } from '../../../lib/inbox/model.ts'
import { planNotices } from '../../../lib/inbox/notices.ts'

it('client:INB4, MRK4 a muted channel, a muted conversation and a message read meanwhile are not told', () => {
  const row = (read: 0 | 1, channelId = 'c', conversationId = 'c:0') => ({ read, channelId, conversationId }) as InboxMessage
  const settings = { notifications: 'on' as const, mutedChannels: ['muted'] }
  const muted = new Set(['c:muted'])
  const plan = (messages: InboxMessage[]) => planNotices({ messages, bulk: false, settings, muted, recent: [], now: 1 })
  expect(plan([row(1), row(0, 'muted'), row(0, 'c', 'c:muted')])).toEqual({ show: [], summary: false, recent: [] })
  expect(plan([row(0)]).show).toHaveLength(1)
})
