import { dayKey } from '../../ui/time.ts'
import type { InboxMessage, Reply } from '../model.ts'
import { speakerOf } from '../shared.ts'
import { type Goal, positionOf, type ThreadItem } from '../thread.ts'
import type { Pages } from './threadPages.ts'

/** What a conversation shows, top to bottom. */
export type ThreadRow =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'new'; key: string; count: number }
  /** `speaker` is set where the sender must be named: in groups, on the first of a run. */
  | { kind: 'message'; key: string; message: InboxMessage; edits?: InboxMessage[] | undefined; speaker?: string }
  | { kind: 'reply'; key: string; reply: Reply }

/** Everything that was unread when the conversation was opened. */
export type News = { firstKey: string; count: number }

/**
 * Puts days between the items, the line above what is new, and names on the first of each run where several people speak. While there is
 * `more` to load, the first day stays unsaid: it may begin further up, and a row that goes away would move what is read.
 */
export function threadRows({ items, more }: Pick<Pages, 'items' | 'more'>, news: News | undefined): ThreadRow[] {
  const rows: ThreadRow[] = []
  const messages = items.flatMap((item) => (item.kind === 'message' ? [item.message] : []))
  const isGroup = messages.some((message) => speakerOf(message) !== undefined) || new Set(messages.map(({ from }) => from)).size > 1
  let day = ''
  let speaker = ''
  for (const item of items) {
    const key = itemKey(item)
    const { at } = positionOf(item)
    const today = dayKey(at)
    if (today !== day) {
      if (rows.length > 0 || !more) rows.push({ kind: 'day', key: `day:${key}`, at })
      day = today
      speaker = ''
    }
    if (news?.firstKey === key) rows.push({ kind: 'new', key: 'new', count: news.count })
    if (item.kind === 'reply') {
      rows.push({ kind: 'reply', key, reply: item.reply })
      speaker = ''
      continue
    }
    const { from } = item.message
    rows.push({
      kind: 'message',
      key,
      message: item.message,
      edits: item.edits,
      ...(isGroup && from !== speaker && { speaker: from }),
    })
    speaker = from
  }
  return rows
}

export function itemKey(item: ThreadItem): string {
  return item.kind === 'message' ? `m:${item.message.id}` : `r:${item.reply.clientId}`
}

/** The key of the row that shows this item. */
export function goalKey(goal: Goal): string {
  return 'messageId' in goal ? `m:${goal.messageId}` : `r:${goal.clientId}`
}

/** The first unread message and how many there are. */
export function newsIn(items: readonly ThreadItem[]): News | undefined {
  const unread = items.filter((item) => item.kind === 'message' && item.message.read === 0)
  const first = unread[0]
  return first && { firstKey: itemKey(first), count: unread.length }
}
