import type { HistoryAnswer } from '#protocol/http.ts'
import { type PastReply, pastReplySchema, type ReplyStatus } from '#protocol/message.ts'
import type { Database } from '../database/open.ts'
import type { Conversation, Reply } from './model.ts'

/** How far the relay's list of replies was read. Another session's, or of another epoch, is read from its beginning. relay:HIS1 */
export type Place = { userId: string; epoch: string; after: number }

export async function readPlace(db: Database, profileId: string): Promise<Place> {
  const [session, row] = await Promise.all([db.get('sessions', profileId), db.get('settings', placeKey(profileId))])
  const userId = session?.userId ?? ''
  const known = row?.value as Place | undefined
  return known?.userId === userId ? known : { userId, epoch: '', after: 0 }
}

/** Whether a reply stands here already, whoever wrote it. */
export async function isKnown(
  db: Database,
  profileId: string,
  { responseId, clientId }: Pick<ReplyStatus, 'responseId' | 'clientId'>,
): Promise<boolean> {
  const { store } = db.transaction('replies')
  return hasReply(profileId, await store.index('response').getAll(responseId), clientId && (await store.get(clientId)))
}

/**
 * Stores what of a page was answered elsewhere, and how far the list was read: both or neither. The conversations that changed. A profile that is
 * gone gets nothing (client:PRF5). client:ELS1, ELS2, ARC7
 */
export async function storeElsewhere(
  db: Database,
  profileId: string,
  place: Place,
  { replies, epoch, next }: HistoryAnswer,
  now: number,
): Promise<Set<string>> {
  const changed = new Set<string>()
  const transaction = db.transaction(['profiles', 'conversations', 'replies', 'unindexed', 'settings', 'quarantine'], 'readwrite')
  if ((await transaction.objectStore('profiles').getKey(profileId)) === undefined) return changed
  const kept = transaction.objectStore('replies')
  const conversations = transaction.objectStore('conversations')
  for (const record of replies) {
    const parsed = pastReplySchema.safeParse(record)
    const createdAt = Date.parse(parsed.data?.createdAt ?? '')
    if (!parsed.success || Number.isNaN(createdAt)) {
      const reason = parsed.error?.issues[0]?.code ?? 'createdAt: not a date'
      await transaction.objectStore('quarantine').add({ profileId, at: now, source: 'reply', reason })
      continue
    }
    const { responseId, clientId } = parsed.data
    const same = clientId && (await kept.get(clientId))
    if (hasReply(profileId, await kept.index('response').getAll(responseId), same)) continue
    const conversation = await conversations.get([profileId, conversationIdOf(parsed.data)])
    if (!conversation) continue
    const reply = toReply(conversation, parsed.data, createdAt, now)
    await kept.put(reply)
    await transaction.objectStore('unindexed').add({ profileId, kind: 'reply', ids: [reply.clientId] })
    if (createdAt >= conversation.lastAt)
      await conversations.put({ ...conversation, lastAt: createdAt, lastReplyId: reply.clientId })
    changed.add(conversation.id)
  }
  const read: Place = { userId: place.userId, epoch, after: next }
  await transaction.objectStore('settings').put({ key: placeKey(profileId), value: read })
  await transaction.done
  return changed
}

function hasReply(profileId: string, byRelay: Reply[], byClient: Reply | undefined | ''): boolean {
  return [...byRelay, ...(byClient ? [byClient] : [])].some((reply) => reply.profileId === profileId)
}

function conversationIdOf({ channelId, conversation }: PastReply): string {
  return conversation === '' ? channelId : `${channelId}:${conversation}`
}

function toReply(conversation: Conversation, told: PastReply, createdAt: number, now: number): Reply {
  const { profileId, id: conversationId, channelId, channelType } = conversation
  const { responseId, content, by, replyTo, attachments = [], attempts, platformMessageId, reason, state } = told
  const statusAt = Date.parse(told.updatedAt)
  return {
    // Never the writer's own clientId: what bears that is this browser's.
    clientId: `elsewhere:${profileId}:${responseId}`,
    ...{ profileId, conversationId, channelId, channelType, content, responseId, attempts, createdAt },
    ...(replyTo !== undefined && { replyTo }),
    metadata: {},
    attachments: attachments.map(({ filename, mimeType }) => ({ filename, mimeType, dataBase64: '' })),
    updatedAt: now,
    handedAt: createdAt,
    ...(!Number.isNaN(statusAt) && { statusAt }),
    ...(platformMessageId !== undefined && { platformMessageId }),
    elsewhere: by,
    ...(state === 'failed'
      ? { state, code: 'delivery_failed', reason: reason ?? 'The message could not be delivered.' }
      : { state, ...(reason !== undefined && (state === 'sent' ? { doubt: reason } : { trouble: reason })) }),
  }
}

function placeKey(profileId: string): string {
  return `replies:${profileId}`
}
