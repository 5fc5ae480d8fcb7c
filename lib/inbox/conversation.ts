import type { Metadata } from '#protocol/message.ts'
import type { Conversation, InboxMessage } from './model.ts'
import { plainWords } from './plainWords.ts'
import { speakerOf, titleOf } from './shared.ts'

/** Characters of the newest message the list shows. */
export const PREVIEW_CHARACTERS = 160

/** A conversation's row after one more message. Messages may come late: only the newest decides what the row shows. */
export function addToConversation(conversation: Conversation | undefined, message: InboxMessage): Conversation {
  const unread = (conversation?.unread ?? 0) + (message.read ? 0 : 1)
  if (conversation && message.at < conversation.lastMessageAt) return { ...conversation, unread }
  const { lastReplyId, ...rest } = conversation ?? blank(message)
  const replyIsNewer = conversation !== undefined && conversation.lastAt > message.at
  return {
    ...rest,
    ...(replyIsNewer && lastReplyId !== undefined && { lastReplyId }),
    ...newest(message),
    lastAt: Math.max(rest.lastAt, message.at),
    unread,
  }
}

/** What the newest inbound message says about its conversation. */
export function newest(message: InboxMessage) {
  const title = titleOf(message)
  const speaker = speakerOf(message)
  return {
    title,
    lastSpeaker: speaker === title ? undefined : speaker,
    lastPreview: plainWords(message.content, PREVIEW_CHARACTERS),
    lastHasFile: message.attachments.some((attachment) => attachment.role !== 'html'),
    lastMessageId: message.id,
    lastMessageAt: message.at,
    lastMetadata: withoutBody(message.metadata),
  }
}

/** The list is read as a whole: it does not carry the bodies of webhooks around. relay:WH6 */
export function withoutBody({ raw: _body, ...metadata }: Metadata): Metadata {
  return metadata
}

function blank(message: InboxMessage): Conversation {
  const { profileId, conversationId: id, channelId, channelType, at } = message
  return { profileId, id, channelId, channelType, unread: 0, lastAt: at, ...newest(message) }
}
