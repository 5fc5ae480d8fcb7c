import type { Database } from '../database/open.ts'
import type { Mark } from './model.ts'
import { hasNews } from './standing.ts'

/** What is to change; a time of 0 ends it. */
export type MarkChange = {
  pinned?: boolean | undefined
  archived?: boolean | undefined
  snoozedUntil?: number | undefined
  mutedUntil?: number | undefined
}

/** Changes what is given and leaves the rest. A conversation is archived or snoozed, not both; either unpins it. client:MRK1-MRK3, SNZ1 */
export async function changeMark(
  db: Database,
  key: { profileId: string; conversationId: string },
  { pinned, archived, snoozedUntil, mutedUntil }: MarkChange,
  now: number,
): Promise<void> {
  const transaction = db.transaction(['marks', 'conversations'], 'readwrite')
  const marks = transaction.objectStore('marks')
  const conversation = await transaction.objectStore('conversations').get([key.profileId, key.conversationId])
  if (conversation) {
    const before = await marks.get([key.profileId, key.conversationId])
    const soFar = { messageAt: conversation.lastMessageAt, unread: conversation.unread }
    const mark: Mark = { ...before, ...key }
    const put = <Name extends keyof Mark>(name: Name, value: Mark[Name] | false): void => {
      if (value) mark[name] = value
      else delete mark[name]
    }
    if (pinned !== undefined) put('pinnedAt', pinned && now)
    if (archived !== undefined) put('archived', archived && soFar)
    if (snoozedUntil !== undefined) put('snoozed', snoozedUntil > now && { ...soFar, until: snoozedUntil })
    if (mutedUntil !== undefined) put('mutedUntil', mutedUntil > now && mutedUntil)
    const goes = archived ? 'archived' : snoozedUntil && mark.snoozed && 'snoozed'
    if (goes) for (const name of ['archived', 'snoozed', 'pinnedAt', 'returnedAt'] as const) if (name !== goes) put(name, false)
    // More than its key.
    if (Object.keys(mark).length > 2) await marks.put(mark)
    else await marks.delete([key.profileId, key.conversationId])
  }
  await transaction.done
}

type Returned = { profileId: string; conversationId: string; messageId: string }

/** What came back by itself at its time, in this browser or while it was closed: on top and unread, told once. client:SNZ2 */
export async function endSnoozes(db: Database, now: number): Promise<Returned[]> {
  const back: Returned[] = []
  for (const { profileId, conversationId, snoozed } of await db.getAll('marks')) {
    if (!snoozed || snoozed.until > now) continue
    const transaction = db.transaction(['marks', 'conversations', 'messages'], 'readwrite')
    const mark = await transaction.objectStore('marks').get([profileId, conversationId])
    const conversation = await transaction.objectStore('conversations').get([profileId, conversationId])
    if (mark?.snoozed && mark.snoozed.until <= now) {
      const { snoozed: ended, ...rest } = mark
      const isBack = conversation !== undefined && !hasNews(ended, conversation)
      await transaction.objectStore('marks').put({ ...rest, ...(isBack && { returnedAt: now }) })
      const message = isBack && (await transaction.objectStore('messages').get([profileId, conversation.lastMessageId]))
      if (message) {
        back.push({ profileId, conversationId, messageId: message.id })
        if (message.read === 1) {
          await transaction.objectStore('messages').put({ ...message, read: 0 })
          await transaction.objectStore('conversations').put({ ...conversation, unread: conversation.unread + 1 })
        }
      }
    }
    await transaction.done
  }
  return back
}
