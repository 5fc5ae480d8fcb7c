import type { DatabaseSync } from 'node:sqlite'
import { RelayError } from '#protocol/errors.ts'
import type { Enqueued, NewReply, ReplyRecord } from '../port.ts'
import type { ChannelKeys } from './channelKeys.ts'
import { type Files, toAttachment } from './files.ts'
import type { Heads } from './heads.ts'
import type { CommitQueue } from './queue.ts'
import type { Repeats } from './repeats.ts'
import { INSERT_REPLY, IS_TAKEN_OVER } from './repliesSql.ts'
import { replyChecksum, toReply } from './replyRow.ts'
import type { ReplyRows } from './replyRows.ts'
import type { ReplyTails } from './replyTails.ts'

type Parts = {
  database: DatabaseSync
  queue: CommitQueue
  heads: Heads
  channelKeys: ChannelKeys
  repeats: Repeats
  files: Files
  rows: ReplyRows
  tails: ReplyTails
}

/** relay:REP6, REP11, DUR3, TKO2 */
export function createEnqueue({ database, queue, heads, channelKeys, repeats, files, rows, tails }: Parts) {
  const insert = database.prepare(INSERT_REPLY)
  const takenOver = database.prepare(IS_TAKEN_OVER)

  function run(wanted: NewReply, metadata: string): Enqueued | RelayError {
    const session = heads.get(wanted.userId)?.key
    if (session === undefined) return new RelayError('not_found', 'This session no longer exists. Register again.')
    // A repeat gets its first answer; nothing else of an agent's is remembered or stored.
    if (wanted.by !== 'human' && takenOver.get(wanted.channelId, wanted.target ?? ''))
      return repeated(wanted.userId, wanted, wanted.now) ?? { kind: 'taken_over' }
    const first = seenBefore(wanted, session)
    if (first === 'conflict') return { kind: 'conflict' }
    if (first !== undefined) return { kind: 'duplicate', reply: known(wanted, first) }
    return { kind: 'stored', reply: store(wanted, session, metadata) }
  }

  /** The response id that the same client id or idempotency key got before. */
  function seenBefore({ clientId, idempotency, responseId, now }: NewReply, session: number): string | undefined {
    const replyScope = `reply ${session}`
    if (idempotency) {
      const first = repeats.claim(replyScope, idempotency.key, idempotency.bodyHash, responseId, now)
      if (first) return first.bodyHash === idempotency.bodyHash ? first.answer : 'conflict'
    }
    if (clientId === undefined) return undefined
    const first = repeats.claim(`client ${session}`, clientId, '', responseId, now)
    if (first && idempotency) repeats.answerWith(replyScope, idempotency.key, first.answer)
    return first?.answer
  }

  /** A reply outlived by its key (a retention below 30 days) was settled long ago: its text and outcome are gone, its id is not. */
  function known(wanted: NewReply, responseId: string): ReplyRecord {
    const row = rows.byId(responseId)
    if (row) return toReply(row)
    const { userId, channelId, channelType, now } = wanted
    return {
      responseId,
      userId,
      channelId,
      channelType,
      content: '',
      metadata: {},
      attachments: [],
      state: 'sent',
      attempts: 0,
      partsSent: 0,
      createdAt: now,
      updatedAt: now,
      dueAt: now,
    }
  }

  function store(wanted: NewReply, session: number, metadata: string): ReplyRecord {
    const channel = channelKeys.of(wanted.channelId)
    const { position, at } = tails.next(channel, wanted.now)
    const row = {
      response_id: wanted.responseId,
      session,
      channel,
      position,
      channel_id: wanted.channelId,
      channel_type: wanted.channelType,
      target: wanted.target ?? null,
      client_id: wanted.clientId ?? null,
      state: wanted.state,
      platform_message_id: null,
      reason: null,
      attempts: 0,
      parts_sent: 0,
      under_way: 0,
      uncertain: 0,
      created_at: at,
      updated_at: at,
      due_at: wanted.now,
      attachments: JSON.stringify(wanted.files.map(toAttachment)),
      metadata,
      content: wanted.content,
      author: wanted.by === 'human' ? wanted.by : null,
    } as const
    const crc = replyChecksum(row)
    const { lastInsertRowid } = insert.run(
      row.response_id,
      session,
      channel,
      position,
      row.channel_id,
      crc,
      row.channel_type,
      row.target,
      row.client_id,
      row.state,
      null,
      null,
      0,
      0,
      0,
      0,
      at,
      at,
      row.due_at,
      row.attachments,
      metadata,
      row.content,
      row.author,
    )
    for (const file of wanted.files) {
      files.insert({ id: wanted.responseId, session, channelId: wanted.channelId, now: at }, file)
    }
    return toReply({ ...row, row: Number(lastInsertRowid), crc, user_id: wanted.userId })
  }

  function repeated(userId: string, { clientId, idempotency }: Pick<NewReply, 'clientId' | 'idempotency'>, now: number) {
    const session = heads.get(userId)?.key
    if (session === undefined) return undefined
    const byKey = idempotency && repeats.look(`reply ${session}`, idempotency.key, now)
    if (byKey && byKey.bodyHash !== idempotency.bodyHash) return { kind: 'conflict' as const }
    const first = byKey ?? (clientId === undefined ? undefined : repeats.look(`client ${session}`, clientId, now))
    const row = first && rows.byId(first.answer)
    return row && { kind: 'duplicate' as const, reply: toReply(row) }
  }

  async function enqueue(wanted: NewReply): Promise<Enqueued> {
    const metadata = JSON.stringify(wanted.metadata)
    return queue.add(() => run(wanted, metadata))
  }

  return { enqueue, repeated }
}
