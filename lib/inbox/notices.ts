import * as z from 'zod/mini'
import type { Settings } from './messages.ts'
import type { InboxMessage } from './model.ts'

/** client:INB4 */
const BURST = 5
const BURST_WITHIN_MS = 10_000

/** When notifications were shown lately, kept in the database because the worker may have died in between. */
const recentSchema = z.array(z.number())

export function readRecent(value: unknown): number[] {
  const recent = recentSchema.safeParse(value)
  return recent.success ? recent.data : []
}

export type Plan = { show: InboxMessage[]; summary: boolean; recent: number[] }

/**
 * Which of the messages just stored deserve a notification of their own, and whether the rest becomes one summary: more than five within
 * 10 s, or anything that came in bulk. client:INB3, INB4
 */
export function planNotices({
  messages,
  bulk,
  settings,
  muted,
  recent,
  now,
}: {
  messages: InboxMessage[]
  bulk: boolean
  /** Conversations. client:MRK4 */
  muted: ReadonlySet<string>
  settings: Pick<Settings, 'notifications' | 'mutedChannels'>
  recent: number[]
  now: number
}): Plan {
  const lately = recent.filter((at) => now - at < BURST_WITHIN_MS)
  const wanted = messages.filter(
    ({ read, channelId, conversationId }) =>
      read === 0 && !settings.mutedChannels.includes(channelId) && !muted.has(conversationId),
  )
  if (settings.notifications !== 'on' || wanted.length === 0) return { show: [], summary: false, recent: lately }
  const room = bulk ? 0 : Math.max(0, BURST - lately.length)
  const show = wanted.length > room ? [] : wanted
  return { show, summary: show.length === 0, recent: [...lately, ...wanted.map(() => now)].slice(-BURST) }
}

/** What a notification's id says, so that a click is understood by a worker that never saw it made. */
const targetSchema = z.object({
  profileId: z.string(),
  conversationId: z.optional(z.string()),
  messageId: z.optional(z.string()),
  approvalId: z.optional(z.string()),
})
export type NoticeTarget = {
  profileId: string
  conversationId?: string | undefined
  messageId?: string | undefined
  approvalId?: string | undefined
}

/** A notification is of a conversation, at one of its messages, of an approval, or of a whole profile for a summary. */
export function noticeId({ profileId, conversationId, messageId, approvalId }: NoticeTarget): string {
  return JSON.stringify({ profileId, conversationId, messageId, approvalId })
}

export function readNoticeId(id: string): NoticeTarget | undefined {
  try {
    const target = targetSchema.safeParse(JSON.parse(id))
    return target.success ? target.data : undefined
  } catch {
    return undefined
  }
}
