import type { DatabaseSync } from 'node:sqlite'
import { RelayError } from '#protocol/errors.ts'
import type { ChannelMessage } from '#protocol/message.ts'
import type { Appended, NewMessage } from '../port.ts'
import type { ChannelKeys } from './channelKeys.ts'
import { type Files, toAttachment } from './files.ts'
import type { Head, Heads } from './heads.ts'
import { INSERT_MESSAGE, UPSERT_CONVERSATION } from './inboxSql.ts'
import { createIsoTimes } from './isoTimes.ts'
import { messageChecksum } from './messageRow.ts'
import type { Positions } from './positions.ts'
import type { CommitQueue } from './queue.ts'
import type { Repeats } from './repeats.ts'

type Parts = {
  database: DatabaseSync
  queue: CommitQueue
  heads: Heads
  channelKeys: ChannelKeys
  repeats: Repeats
  files: Files
  positions: Positions
  /** Inside the job: the message will be visible once the batch is committed. */
  stored: (message: ChannelMessage) => void
}

/** The hot path: for a plain webhook message one INSERT, everything else from memory. relay:CUR1, CUR2, DUR1-DUR3 */
export function createAppend({ database, queue, heads, channelKeys, repeats, files, positions, stored }: Parts) {
  const insert = database.prepare(INSERT_MESSAGE)
  const isoTime = createIsoTimes()
  const rememberTarget = database.prepare(UPSERT_CONVERSATION)

  function run(wanted: NewMessage, metadata: string): Appended | RelayError {
    const head = heads.get(wanted.userId)
    if (!head) return new RelayError('unknown_channel', 'This channel no longer exists. Create it again and use its new URL.')
    if (wanted.positions) for (const { key, value } of wanted.positions) positions.set(wanted.channelId, key, value)
    return seenBefore(wanted) ?? { kind: 'stored', message: store(wanted, metadata, head) }
  }

  function seenBefore({ id, channelId, dedupKey, idempotency, now }: NewMessage): Appended | undefined {
    if (dedupKey === undefined && idempotency === undefined) return undefined
    const channel = channelKeys.of(channelId)
    const webhookScope = `webhook ${channel}`
    if (idempotency) {
      const first = repeats.claim(webhookScope, idempotency.key, idempotency.bodyHash, id, now)
      if (first)
        return first.bodyHash === idempotency.bodyHash ? { kind: 'duplicate', messageId: first.answer } : { kind: 'conflict' }
    }
    if (dedupKey === undefined) return undefined
    const first = repeats.claim(`dedup ${channel}`, dedupKey, '', id, now)
    if (!first) return undefined
    if (idempotency) repeats.answerWith(webhookScope, idempotency.key, first.answer)
    return { kind: 'duplicate', messageId: first.answer }
  }

  function store(wanted: NewMessage, metadata: string, head: Head): ChannelMessage {
    const seq = head.seq + 1
    const at = Math.max(wanted.now, head.at + 1, head.handedOut + 1)
    const attachments = wanted.files?.map(toAttachment)
    const row = {
      session: head.key,
      seq,
      at,
      id: wanted.id,
      channel_id: wanted.channelId,
      channel_type: wanted.channelType,
      target: wanted.target ?? null,
      sender: wanted.from,
      attachments: attachments ? JSON.stringify(attachments) : null,
      metadata,
      content: wanted.content,
    }
    insert.run(
      head.key,
      seq,
      at,
      messageChecksum(row),
      row.id,
      row.channel_id,
      row.channel_type,
      row.target,
      row.sender,
      row.attachments,
      metadata,
      row.content,
    )
    if (wanted.target !== undefined) rememberTarget.run(channelKeys.of(wanted.channelId), wanted.target, head.key, seq)
    if (wanted.files) {
      for (const file of wanted.files) files.insert({ id: row.id, session: head.key, channelId: row.channel_id, now: at }, file)
    }
    head.seq = seq
    head.at = at
    const message: ChannelMessage = {
      id: row.id,
      seq,
      userId: wanted.userId,
      channelType: wanted.channelType,
      channelId: wanted.channelId,
      from: wanted.from,
      content: wanted.content,
      timestamp: isoTime(at),
      ...(attachments ? { attachments } : {}),
      metadata: wanted.metadata,
    }
    stored(message)
    return message
  }

  return (wanted: NewMessage): Promise<Appended> => {
    const metadata = JSON.stringify(wanted.metadata)
    return queue.add(() => run(wanted, metadata))
  }
}
