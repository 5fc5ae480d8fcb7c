import type { Attachment, ChannelMessage, ChannelType, Metadata } from '#protocol/message.ts'
import { rowChecksum } from './checksum.ts'

/** A row of `messages` as SQLite gives it. */
export type MessageRow = {
  session: number
  seq: number
  at: number
  crc: number
  id: string
  channel_id: string
  channel_type: ChannelType
  target: string | null
  sender: string
  attachments: string | null
  metadata: string
  content: string
}

/** Over everything in the row but the checksum itself. */
export function messageChecksum(row: Omit<MessageRow, 'crc'>): number {
  return rowChecksum(
    row.session,
    row.seq,
    row.at,
    row.id,
    row.channel_id,
    row.channel_type,
    row.target,
    row.sender,
    row.attachments,
    row.metadata,
    row.content,
  )
}

export function isIntact(row: MessageRow): boolean {
  return messageChecksum(row) === row.crc
}

export function toMessage(row: MessageRow, userId: string): ChannelMessage {
  return {
    id: row.id,
    seq: row.seq,
    userId,
    channelType: row.channel_type,
    channelId: row.channel_id,
    from: row.sender,
    content: row.content,
    timestamp: new Date(row.at).toISOString(),
    ...(row.attachments === null ? {} : { attachments: JSON.parse(row.attachments) as Attachment[] }),
    metadata: JSON.parse(row.metadata) as Metadata,
  }
}
