import type { Database } from '../database/open.ts'
import { newest } from './conversation.ts'
import type { InboxMessage } from './model.ts'

/** Rows removed in one transaction, so that arriving messages never wait long. */
const CHUNK_ROWS = 500

/** Deletions: local to this browser (client:INB5). */
export function createRemoving({ db }: { db: Database }) {
  /** Its id stays known, so that the relay cannot bring it back (client:CDD7). The conversation it was in, if it was there. */
  async function removeMessage(profileId: string, messageId: string): Promise<string | undefined> {
    const transaction = db.transaction(
      ['messages', 'conversations', 'replies', 'scheduled', 'files', 'marks', 'unindexed'],
      'readwrite',
    )
    const messages = transaction.objectStore('messages')
    const message = await messages.get([profileId, messageId])
    if (!message) {
      await transaction.done
      return undefined
    }
    const { conversationId } = message
    await messages.delete([profileId, messageId])
    const gone = [messageId]
    await transaction.objectStore('files').delete(IDBKeyRange.bound([profileId, messageId], [profileId, messageId, []]))
    const conversations = transaction.objectStore('conversations')
    const conversation = await conversations.get([profileId, conversationId])
    const cursor = await messages.index('conversation').openCursor(within(profileId, conversationId), 'prev')
    const left: InboxMessage | undefined = cursor?.value
    if (conversation && left) {
      const unread = Math.max(0, conversation.unread - (message.read ? 0 : 1))
      const lastAt = conversation.lastReplyId === undefined ? left.at : conversation.lastAt
      await conversations.put({ ...conversation, ...newest(left), unread, lastAt })
    } else if (conversation) {
      await conversations.delete([profileId, conversationId])
      await transaction.objectStore('marks').delete([profileId, conversationId])
      gone.push(...(await removeReplies(transaction.objectStore('replies'), profileId, conversationId)))
      await transaction.objectStore('scheduled').delete(within(profileId, conversationId))
    }
    await transaction.objectStore('unindexed').add({ profileId, kind: 'gone', ids: gone })
    await transaction.done
    return conversationId
  }

  async function removeConversation(profileId: string, conversationId: string): Promise<void> {
    for (;;) {
      const transaction = db.transaction(
        ['messages', 'conversations', 'replies', 'drafts', 'scheduled', 'files', 'marks', 'unindexed'],
        'readwrite',
      )
      const messages = transaction.objectStore('messages')
      const keys = await messages.index('conversation').getAllKeys(within(profileId, conversationId), CHUNK_ROWS)
      await Promise.all(
        keys.flatMap(([profile, id]) => [
          messages.delete([profile, id]),
          transaction.objectStore('files').delete(IDBKeyRange.bound([profile, id], [profile, id, []])),
        ]),
      )
      const last = keys.length < CHUNK_ROWS
      const gone = keys.map(([, id]) => id)
      if (last) {
        gone.push(...(await removeReplies(transaction.objectStore('replies'), profileId, conversationId)))
        await transaction.objectStore('drafts').delete([profileId, conversationId])
        await transaction.objectStore('scheduled').delete(within(profileId, conversationId))
        await transaction.objectStore('conversations').delete([profileId, conversationId])
        await transaction.objectStore('marks').delete([profileId, conversationId])
      }
      if (gone.length > 0) await transaction.objectStore('unindexed').add({ profileId, kind: 'gone', ids: gone })
      await transaction.done
      if (last) return
    }
  }

  return { removeMessage, removeConversation }
}

type ReplyRows = {
  index(name: 'conversation'): { getAllKeys(range: IDBKeyRange): Promise<string[]> }
  delete(key: string): Promise<void>
}

/** Returns their clientIds. */
async function removeReplies(replies: ReplyRows, profileId: string, conversationId: string): Promise<string[]> {
  const keys = await replies.index('conversation').getAllKeys(within(profileId, conversationId))
  await Promise.all(keys.map((key) => replies.delete(key)))
  return keys
}

function within(profileId: string, conversationId: string): IDBKeyRange {
  return IDBKeyRange.bound([profileId, conversationId], [profileId, conversationId, []])
}
