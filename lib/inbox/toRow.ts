import { MAX_ATTACHMENTS } from '#protocol/limits.ts'
import { type Attachment, messageSchema } from '#protocol/message.ts'
import { conversationOf, type InboxMessage } from './model.ts'

export type Parsed = { ok: true; seq: number; row: InboxMessage } | { ok: false; seq?: number; reason: string }

/** A record from the relay as this browser keeps it, or why it cannot be kept. client:ARC7 */
export function toRow(profileId: string, epoch: string, record: unknown, storedAt: number): Parsed {
  const parsed = messageSchema.safeParse(record)
  if (!parsed.success) {
    const seq = seqOf(record)
    const issue = parsed.error.issues[0]
    return {
      ok: false,
      reason: `${issue?.path.join('.') || 'message'}: ${issue?.code ?? 'invalid'}`,
      ...(seq !== undefined && { seq }),
    }
  }
  const { id, seq, channelId, channelType, from, content, timestamp, attachments, metadata } = parsed.data
  const at = Date.parse(timestamp)
  if (Number.isNaN(at)) return { ok: false, seq, reason: 'timestamp: not a date' }
  if (!Number.isSafeInteger(seq) || seq < 1) return { ok: false, reason: 'seq: not a position' }
  return {
    ok: true,
    seq,
    row: {
      profileId,
      id,
      seq,
      epoch,
      conversationId: conversationOf(parsed.data),
      channelId,
      channelType,
      from,
      content,
      at,
      attachments: bounded(attachments ?? []),
      metadata,
      read: 0,
      storedAt,
    },
  }
}

/** At most three files and one HTML part. client:CAT1 */
function bounded(attachments: Attachment[]): Attachment[] {
  const html = attachments.filter((attachment) => attachment.role === 'html').slice(0, 1)
  return [...attachments.filter((attachment) => attachment.role !== 'html').slice(0, MAX_ATTACHMENTS), ...html]
}

function seqOf(record: unknown): number | undefined {
  if (typeof record !== 'object' || record === null || !('seq' in record)) return undefined
  return typeof record.seq === 'number' && Number.isSafeInteger(record.seq) ? record.seq : undefined
}
