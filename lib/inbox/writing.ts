import type { OutgoingAttachment } from '#protocol/message.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import { checkChannel, checkSize } from './checks.ts'
import { withoutBody } from './conversation.ts'
import type { InboxMessage, Reply } from './model.ts'
import { isObserved, OBSERVE_ONLY } from './observed.ts'

type Wanted = { profileId: string; conversationId: string; content: string; attachments: OutgoingAttachment[] }

/** What the extension itself says, in words that are shown as they are. `clientId` makes it be said once. client:APR5 */
type Said = { profileId: string; conversationId: string; content: string; clientId: string; approvalId?: string }

/** Our own replies and drafts, in this browser. What is `sending` here is handed to the relay by the outbox. */
export function createWriting({ db, now }: { db: Database; now: () => number }) {
  /** The relay's time: a reply must stand after the message it answers even when this computer's clock is slow. client:CDD12 */
  async function relayNow(profileId: string): Promise<number> {
    return now() + ((await db.get('sessions', profileId))?.clockOffsetMs ?? 0)
  }

  /**
   * Stores a reply as `sending`, in one transaction with what it takes the place of: the draft, or the failed reply that is sent anew. What
   * the extension says itself takes the place of nothing, and is stored once. Throws Failure before anything is stored. client:CRP1, CRP3, CRP4, CRP5
   */
  async function store(
    { profileId, conversationId, content, attachments }: Wanted,
    { failedId, said }: { failedId?: string; said?: Pick<Said, 'clientId' | 'approvalId'> } = {},
  ): Promise<Reply> {
    checkSize(content, attachments)
    const time = await relayNow(profileId)
    const observed = (await db.get('conversations', [profileId, conversationId]))?.channelId
    if (observed !== undefined && (await isObserved(db, profileId, observed)))
      throw new Failure(OBSERVE_ONLY.code, OBSERVE_ONLY.reason)
    const transaction = db.transaction(['conversations', 'channels', 'replies', 'drafts', 'unindexed'], 'readwrite')
    const replies = transaction.objectStore('replies')
    const conversations = transaction.objectStore('conversations')
    if (failedId !== undefined) checkFailed(await replies.get(failedId))
    const before = said && (await replies.get(said.clientId))
    if (before) return before
    const conversation = await conversations.get([profileId, conversationId])
    if (!conversation)
      throw new Failure('no_conversation', 'This conversation was deleted here. Wait for the next message to answer.')
    const channels = await transaction.objectStore('channels').getAll(IDBKeyRange.bound([profileId], [profileId, []]))
    checkChannel(channels.find(({ id }) => id === conversation.channelId)?.config, channels.length > 0)

    const createdAt = Math.max(time, conversation.lastAt + 1)
    const reply: Reply = {
      clientId: said?.clientId ?? newClientId(createdAt),
      profileId,
      conversationId,
      channelId: conversation.channelId,
      channelType: conversation.channelType,
      content,
      ...(conversation.lastMessageId && { replyTo: conversation.lastMessageId }),
      metadata: said ? { ...conversation.lastMetadata, format: 'plain' } : conversation.lastMetadata,
      ...(said && { automatic: true }),
      ...(said?.approvalId !== undefined && { approvalId: said.approvalId }),
      attachments,
      createdAt,
      updatedAt: now(),
      state: 'sending',
    }
    await replies.add(reply)
    const log = transaction.objectStore('unindexed')
    await log.add({ profileId, kind: 'reply', ids: [reply.clientId] })
    if (failedId !== undefined) await Promise.all([replies.delete(failedId), log.add({ profileId, kind: 'gone', ids: [failedId] })])
    else if (!said) await transaction.objectStore('drafts').delete([profileId, conversationId])
    await conversations.put({ ...conversation, lastAt: createdAt, lastReplyId: reply.clientId })
    await transaction.done
    return reply
  }

  /**
   * An answer this browser gives by itself, unless something of ours was said in the conversation since: the same transaction looks and
   * writes, so that it is given once, however often it is tried. The draft stays. client:CDD9
   */
  async function answer(
    message: InboxMessage,
    { text: content, unlessSince }: { text: string; unlessSince: number },
  ): Promise<Reply | undefined> {
    const { profileId, conversationId, channelId, channelType, id: replyTo } = message
    const time = await relayNow(profileId)
    const transaction = db.transaction(['conversations', 'replies', 'unindexed'], 'readwrite')
    const replies = transaction.objectStore('replies')
    const conversation = await transaction.objectStore('conversations').get([profileId, conversationId])
    const thread = [profileId, conversationId]
    const said = await replies.index('conversation').count(IDBKeyRange.bound([...thread, unlessSince], [...thread, []]))
    if (!conversation || said > 0) {
      await transaction.done
      return undefined
    }
    const createdAt = Math.max(time, conversation.lastAt + 1)
    const clientId = newClientId(createdAt)
    const reply: Reply = {
      ...{ clientId, profileId, conversationId, channelId, channelType, content, replyTo, attachments: [], createdAt },
      // For whoever reads it by machine: answering this would go round in circles.
      metadata: { ...withoutBody(message.metadata), automatic: true },
      updatedAt: now(),
      state: 'sending',
      automatic: true,
      by: 'agent',
    }
    await replies.add(reply)
    await transaction.objectStore('unindexed').add({ profileId, kind: 'reply', ids: [clientId] })
    await transaction.objectStore('conversations').put({ ...conversation, lastAt: createdAt, lastReplyId: clientId })
    await transaction.done
    return reply
  }

  return {
    relayNow,
    answer,
    write: (wanted: Wanted): Promise<Reply> => store(wanted),

    say: ({ profileId, conversationId, content, ...said }: Said): Promise<Reply> =>
      store({ profileId, conversationId, content, attachments: [] }, { said }),

    /** A failed reply again, under a new clientId; the failed one goes. Pressed twice, in two windows, it goes out once. client:CRP3 */
    async retry(clientId: string): Promise<Reply> {
      return store(checkFailed(await db.get('replies', clientId)), { failedId: clientId })
    },

    /** Takes a reply out of the thread. What the relay already has may still arrive. */
    async discard(clientId: string): Promise<Reply | undefined> {
      const transaction = db.transaction(['replies', 'conversations', 'unindexed'], 'readwrite')
      const reply = await transaction.objectStore('replies').get(clientId)
      if (reply) {
        await transaction.objectStore('replies').delete(clientId)
        await transaction.objectStore('unindexed').add({ profileId: reply.profileId, kind: 'gone', ids: [clientId] })
        const conversations = transaction.objectStore('conversations')
        const conversation = await conversations.get([reply.profileId, reply.conversationId])
        if (conversation?.lastReplyId === clientId) {
          const { lastReplyId: _gone, ...rest } = conversation
          await conversations.put({ ...rest, lastAt: rest.lastMessageAt })
        }
      }
      await transaction.done
      return reply
    },

    /** An empty text removes the draft. client:CRP5 */
    async saveDraft(profileId: string, conversationId: string, text: string): Promise<void> {
      if (text === '') await db.delete('drafts', [profileId, conversationId])
      else await db.put('drafts', { profileId, conversationId, text, updatedAt: now() })
    },
  }
}

function checkFailed(reply: Reply | undefined): Reply {
  if (reply?.state !== 'failed') throw new Failure('not_failed', 'Only a message that failed can be sent again.')
  return reply
}

/** Sorts by time, so that the outbox keeps the order; unique by its random part. relay:REP11 */
export function newClientId(createdAt: number): string {
  return `${createdAt.toString(36).padStart(9, '0')}-${crypto.randomUUID()}`
}
