import type { Database } from '../database/open.ts'
import type { InboxMessage } from './model.ts'

/** Rows looked at in one transaction, so that arriving messages never wait long. */
const CHUNK_ROWS = 500

/** Goes through a profile's messages from the oldest on and removes those that are `going`, with their files, until enough went. */
export async function removeOldest(
  db: Database,
  profileId: string,
  { going, until }: { going: (message: InboxMessage) => boolean; until: () => boolean },
): Promise<void> {
  let after: IDBValidKey = [profileId]
  while (!until()) {
    const transaction = db.transaction(['messages', 'files', 'conversations', 'unindexed'], 'readwrite')
    const messages = transaction.objectStore('messages')
    const rows = await messages.index('time').getAll(IDBKeyRange.bound(after, [profileId, []], true), CHUNK_ROWS)
    const leaving = rows.filter(going)
    for (const { id, read, conversationId } of leaving) {
      await messages.delete([profileId, id])
      await transaction.objectStore('files').delete(IDBKeyRange.bound([profileId, id], [profileId, id, []]))
      if (read === 1) continue
      const conversations = transaction.objectStore('conversations')
      const conversation = await conversations.get([profileId, conversationId])
      if (conversation) await conversations.put({ ...conversation, unread: Math.max(0, conversation.unread - 1) })
    }
    const ids = leaving.map(({ id }) => id)
    if (ids.length > 0) await transaction.objectStore('unindexed').add({ profileId, kind: 'gone', ids })
    await transaction.done
    const last = rows.at(-1)
    if (!last || rows.length < CHUNK_ROWS) return
    after = [profileId, last.at, last.seq]
  }
}

/** Conversations whose messages stay as long as possible. client:CDD11 */
export async function listKept(db: Database, profileId: string): Promise<ReadonlySet<string>> {
  const marks = await db.getAll('marks', IDBKeyRange.bound([profileId], [profileId, []]))
  return new Set(marks.flatMap(({ conversationId, pinnedAt, snoozed }) => (pinnedAt || snoozed ? conversationId : [])))
}
