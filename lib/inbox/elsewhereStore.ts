import type { HistoryAnswer } from '#protocol/http.ts'
import { type PastReply, pastReplySchema } from '#protocol/message.ts'
import type { Database } from '../database/open.ts'
import type { Conversation, Reply } from './model.ts'
import { withStatus } from './replyStore.ts'

/** How far the relay's list of replies was read. Another session is another epoch, and read from its beginning. relay:HIS1 */
export type Place = { epoch: string; after: number }

export async function readPlace(db: Database, profileId: string): Promise<Place> {
  return ((await db.get('settings', placeKey(profileId)))?.value as Place | undefined) ?? { epoch: '', after: 0 }
}

/**
 * Stores what of a page was answered elsewhere, and how far the list was read: both or neither. True when something was. A profile that is
 * gone gets nothing (client:PRF5). client:ELS1, ELS2, ARC7
 */
export async function storeElsewhere(
  db: Database,
  profileId: string,
  { replies, epoch, next }: HistoryAnswer,
  now: number,
): Promise<boolean> {
  let changed = false
  const transaction = db.transaction(['profiles', 'conversations', 'replies', 'unindexed', 'settings', 'quarantine'], 'readwrite')
  if (!(await transaction.objectStore('profiles').getKey(profileId))) return changed
  const kept = transaction.objectStore('replies')
  const conversations = transaction.objectStore('conversations')
  for (const record of replies) {
    const told = pastReplySchema.safeParse(record).data
    const createdAt = Date.parse(told?.createdAt ?? '')
    if (!told || !(createdAt >= 0)) {
      await transaction.objectStore('quarantine').add({ profileId, at: now, source: 'reply', reason: 'invalid' })
      continue
    }
    const { responseId, clientId } = told
    const same = [...(await kept.index('response').getAll(responseId)), await kept.get(clientId ?? '')]
    if (same.some((one) => one?.profileId === profileId)) continue
    const conversation = await conversations.get([profileId, conversationIdOf(told)])
    if (!conversation) continue
    const reply = toReply(conversation, told, createdAt, now)
    await kept.put(reply)
    await transaction.objectStore('unindexed').add({ profileId, kind: 'reply', ids: [reply.clientId] })
    if (createdAt >= conversation.lastAt)
      await conversations.put({ ...conversation, lastAt: createdAt, lastReplyId: reply.clientId })
    changed = true
  }
  await transaction.objectStore('settings').put({ key: placeKey(profileId), value: { epoch, after: next } satisfies Place })
  await transaction.done
  return changed
}

function conversationIdOf({ channelId, conversation }: PastReply): string {
  return conversation ? `${channelId}:${conversation}` : channelId
}

function toReply(conversation: Conversation, told: PastReply, createdAt: number, now: number): Reply {
  const { profileId, id: conversationId, channelId, channelType } = conversation
  const { responseId, content, by, attachments = [] } = told
  const reply = {
    // Never the writer's own clientId: what bears that is this browser's.
    clientId: `elsewhere:${profileId}:${responseId}`,
    ...{ profileId, conversationId, channelId, channelType, content, createdAt },
    metadata: {},
    attachments: attachments.map(({ filename, mimeType }) => ({ filename, mimeType, dataBase64: '' })),
    handedAt: createdAt,
    elsewhere: by,
  }
  return withStatus(reply, told, now)
}

function placeKey(profileId: string): string {
  return `replies:${profileId}`
}
