import type { ReplyStatus, StoredResponse, WholePastReply } from '#protocol/message.ts'
import type { ServerFrame } from '#protocol/socket.ts'
import type { ReplyRecord } from '../store/port.ts'

/** Pushes a frame to the v2 sockets of a session. Never throws. */
export type Notify = (userId: string, frame: ServerFrame) => void

/** relay:REP10 */
export function toStatus(reply: ReplyRecord): ReplyStatus {
  return {
    responseId: reply.responseId,
    ...(reply.clientId !== undefined && { clientId: reply.clientId }),
    channelId: reply.channelId,
    state: reply.state,
    ...(reply.platformMessageId !== undefined && { platformMessageId: reply.platformMessageId }),
    ...(reply.reason !== undefined && { reason: reply.reason }),
    attempts: reply.attempts,
    updatedAt: new Date(reply.updatedAt).toISOString(),
  }
}

/** relay:REP10 */
export function statusFrame(reply: ReplyRecord): ServerFrame {
  return { type: 'reply_status', ...toStatus(reply) }
}

/** relay:HIS1 */
export function toPastReply(reply: ReplyRecord): WholePastReply {
  const { replyTo, ...metadata } = reply.metadata
  return {
    ...toStatus(reply),
    channelType: reply.channelType,
    conversation: reply.target ?? '',
    content: reply.content,
    by: reply.by ?? 'agent',
    ...(typeof replyTo === 'string' && { replyTo }),
    metadata,
    ...(reply.attachments.length > 0 && { attachments: reply.attachments }),
    createdAt: new Date(reply.createdAt).toISOString(),
  }
}

/** relay:REP13 */
export function toStoredResponse(reply: ReplyRecord): StoredResponse {
  return {
    id: reply.responseId,
    channelType: reply.channelType,
    channelId: reply.channelId,
    from: 'agent',
    content: reply.content,
    timestamp: new Date(reply.createdAt).toISOString(),
    metadata: reply.metadata,
    ...(reply.attachments.length > 0 && { attachments: reply.attachments }),
  }
}
