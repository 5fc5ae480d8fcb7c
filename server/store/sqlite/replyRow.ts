import type { Attachment, ChannelType, Metadata, ReplyState } from '#protocol/message.ts'
import type { ReplyRecord } from '../port.ts'
import { rowChecksum } from './checksum.ts'

/** A row of `replies` as SQLite gives it. `user_id` is null once the session is gone. */
export type ReplyRow = {
  row: number
  response_id: string
  session: number
  channel: number
  position: number
  channel_id: string
  crc: number
  channel_type: ChannelType
  target: string | null
  client_id: string | null
  state: ReplyState
  platform_message_id: string | null
  reason: string | null
  attempts: number
  parts_sent: number
  /** 1 from its claim until it is settled or released. */
  under_way: number
  uncertain: number
  created_at: number
  updated_at: number
  due_at: number
  attachments: string
  metadata: string
  content: string
  author: 'human' | null
  user_id: string | null
}

/** Over everything in the row but its own number and the checksum. */
export function replyChecksum(row: Omit<ReplyRow, 'row' | 'crc' | 'user_id'>): number {
  return rowChecksum(
    row.response_id,
    row.session,
    row.channel,
    row.position,
    row.channel_id,
    row.channel_type,
    row.target,
    row.client_id,
    row.state,
    row.platform_message_id,
    row.reason,
    row.attempts,
    row.parts_sent,
    row.under_way,
    row.uncertain,
    row.created_at,
    row.updated_at,
    row.due_at,
    row.attachments,
    row.metadata,
    row.content,
    // Rows from before there was an author keep the checksum they have.
    ...(row.author === null ? [] : [row.author]),
  )
}

export function toReply(row: ReplyRow): ReplyRecord {
  return {
    responseId: row.response_id,
    userId: row.user_id ?? '',
    channelId: row.channel_id,
    channelType: row.channel_type,
    content: row.content,
    metadata: JSON.parse(row.metadata) as Metadata,
    attachments: JSON.parse(row.attachments) as Attachment[],
    ...(row.target === null ? {} : { target: row.target }),
    ...(row.client_id === null ? {} : { clientId: row.client_id }),
    ...(row.author !== null && { by: row.author }),
    state: row.state,
    ...(row.platform_message_id === null ? {} : { platformMessageId: row.platform_message_id }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    attempts: row.attempts,
    partsSent: row.parts_sent,
    ...(row.uncertain === 1 && { uncertain: true }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    dueAt: row.due_at,
  }
}
