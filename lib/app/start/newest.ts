import type { Database } from '../../database/open.ts'
import type { Conversation, InboxMessage, Reply } from '../../inbox/model.ts'

/** What came in last, where, and what the profile's owner answered last, anywhere. client:ONB3 */
export type Newest = { conversation?: Conversation | undefined; message?: InboxMessage | undefined; reply?: Reply | undefined }

export async function readNewest(db: Database, profileId: string): Promise<Newest> {
  const transaction = db.transaction(['conversations', 'messages', 'replies'])
  const all = IDBKeyRange.bound([profileId], [profileId, []])
  const [conversation, reply] = await Promise.all([
    transaction.objectStore('conversations').index('recent').openCursor(all, 'prev'),
    newestOwn(transaction.objectStore('replies').index('time').iterate(all, 'prev')),
  ])
  if (!conversation) return { reply }
  const message = await transaction.objectStore('messages').get([profileId, conversation.value.lastMessageId])
  return { conversation: conversation.value, message, reply }
}

/** What this browser writes by itself, or an agent, is no answer of its owner. */
async function newestOwn(replies: AsyncIterable<{ value: Reply }>): Promise<Reply | undefined> {
  for await (const { value } of replies) if (!value.automatic && !value.elsewhere) return value
  return undefined
}
