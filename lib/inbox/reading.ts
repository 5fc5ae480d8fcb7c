import type { Database } from '../database/open.ts'

/** Rows marked in one transaction, so that arriving messages never wait long. */
const CHUNK_ROWS = 500

/** Read marks: local to this browser (client:INB5). */
export function createReading({ db }: { db: Database }) {
  /**
   * The count goes to nothing at once; a long conversation's messages are marked after it, in chunks, and the count is put right at the
   * end for what came meanwhile. What is away was read where it was found: from here on, one unread is something new. client:MRK2
   */
  async function markRead(profileId: string, conversationId: string): Promise<void> {
    let upTo: number | undefined
    for (;;) {
      const transaction = db.transaction(['messages', 'conversations', 'marks'], 'readwrite')
      const conversations = transaction.objectStore('conversations')
      const unread = transaction.objectStore('messages').index('unread')
      const all = IDBKeyRange.only([profileId, conversationId, 0])
      const conversation = await conversations.get([profileId, conversationId])
      upTo ??= conversation?.lastMessageAt ?? 0
      const seen = (await unread.getAll(all, CHUNK_ROWS)).filter(({ at }) => at <= (upTo ?? 0))
      await Promise.all(seen.map((message) => transaction.objectStore('messages').put({ ...message, read: 1 })))
      const last = seen.length < CHUNK_ROWS
      if (conversation) await conversations.put({ ...conversation, unread: last ? await unread.count(all) : 0 })
      const mark = await transaction.objectStore('marks').get([profileId, conversationId])
      for (const name of ['archived', 'snoozed'] as const) if (mark?.[name]) mark[name].unread = 0
      if (mark) await transaction.objectStore('marks').put(mark)
      await transaction.done
      if (last) return
    }
  }

  async function markUnread(profileId: string, conversationId: string): Promise<void> {
    const transaction = db.transaction(['messages', 'conversations'], 'readwrite')
    const conversation = await transaction.objectStore('conversations').get([profileId, conversationId])
    if (conversation) {
      const message = await transaction.objectStore('messages').get([profileId, conversation.lastMessageId])
      if (message?.read === 1) {
        await transaction.objectStore('messages').put({ ...message, read: 0 })
        await transaction.objectStore('conversations').put({ ...conversation, unread: conversation.unread + 1 })
      }
    }
    await transaction.done
  }

  return { markRead, markUnread }
}
