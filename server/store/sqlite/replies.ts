import type { DatabaseSync } from 'node:sqlite'
import type { ReplyRecord, ReplyStore } from '../port.ts'
import type { ChannelKeys } from './channelKeys.ts'
import type { createEnqueue } from './enqueue.ts'
import type { CommitQueue } from './queue.ts'
import * as sql from './repliesSql.ts'
import { type ReplyRow, toReply } from './replyRow.ts'
import type { ReplyRows } from './replyRows.ts'
import type { ReplyTails } from './replyTails.ts'

type Parts = {
  database: DatabaseSync
  queue: CommitQueue
  channelKeys: ChannelKeys
  rows: ReplyRows
  tails: ReplyTails
  entry: ReturnType<typeof createEnqueue>
}

/** relay §6. Which replies are claimed is known in memory only: after a crash everything queued is free again. */
export function createReplyStore({ database, queue, channelKeys, rows, tails, entry }: Parts): ReplyStore {
  const dueFronts = database.prepare(sql.DUE_FRONTS)
  const waitingFronts = database.prepare(sql.WAITING_FRONTS)
  const queuedOfChannel = database.prepare(sql.QUEUED_OF_CHANNEL)
  const responsesAfter = database.prepare(sql.RESPONSES_AFTER)
  const lastUpTo = database.prepare(sql.LAST_UP_TO)
  const claimed = new Set<string>()

  /** Changes a reply if `change` wants to; the result is what is stored then. */
  async function changeReply(
    responseId: string,
    change: (row: ReplyRow) => Partial<ReplyRow> | undefined,
  ): Promise<ReplyRecord | undefined> {
    return queue.add(() => {
      const row = rows.byId(responseId)
      const changes = row && change(row)
      return row && changes ? toReply(rows.change(row, changes)) : undefined
    })
  }

  /** Rows of a session that is being deleted are left to the deletion. */
  async function claimDue(now: number, limit: number): Promise<ReplyRecord[]> {
    const broken: ReplyRow[] = []
    const given = await queue.read(() => {
      const free = (dueFronts.all(now, limit + claimed.size) as ReplyRow[]).filter(
        (row) => row.user_id !== null && !claimed.has(row.response_id),
      )
      const intact = free.filter((row) => rows.intact(row) || !broken.push(row)).slice(0, limit)
      for (const row of intact) claimed.add(row.response_id)
      return intact.map(toReply)
    })
    if (broken.length === 0) return given
    await queue.add(() => {
      for (const row of broken) rows.failDamaged(row, now)
    })
    return given.length > 0 ? given : claimDue(now, limit)
  }

  return {
    enqueue: entry.enqueue,
    repeated: (userId, keys, now) => queue.read(() => entry.repeated(userId, keys, now)),
    claimDue,
    nextDue: () =>
      queue.read(() => {
        const fronts = waitingFronts.all(claimed.size + 1) as { response_id: string; due_at: number }[]
        return fronts.find(({ response_id }) => !claimed.has(response_id))?.due_at
      }),
    async partSent(responseId, partsSent, platformMessageId, now) {
      await changeReply(responseId, () => ({ parts_sent: partsSent, platform_message_id: platformMessageId, updated_at: now }))
    },
    async settle(responseId, outcome, now) {
      const settled = await changeReply(responseId, (row) => {
        if (row.state === 'sent' || row.state === outcome.state) return undefined
        const attempts = row.attempts + 1
        if (outcome.state === 'failed') return { state: 'failed', reason: outcome.reason, attempts, updated_at: now }
        const platformId = outcome.platformMessageId ?? row.platform_message_id
        return { state: 'sent', reason: null, platform_message_id: platformId, attempts, updated_at: now }
      })
      claimed.delete(responseId)
      return settled
    },
    async release(responseId, { attempts, dueAt, reason }, now) {
      const released = await changeReply(responseId, (row) =>
        row.state === 'queued' ? { attempts, due_at: dueAt, reason, updated_at: now } : undefined,
      )
      claimed.delete(responseId)
      return released
    },
    failChannel: (channelId, reason, now) =>
      queue.add(() =>
        rows
          .select(queuedOfChannel, channelId)
          .map((row) => toReply(rows.change(row, { state: 'failed', reason, updated_at: now }))),
      ),
    byId: (userId, responseId) =>
      queue.read(() => {
        const row = rows.byId(responseId)
        return row && row.user_id === userId ? toReply(row) : undefined
      }),
    handOut: (channelId, since) =>
      queue.read(() => {
        const channel = channelKeys.lookUp(channelId)
        if (channel !== undefined) tails.handOut(channel, since)
      }),
    listResponses: (channelId, after, limit) =>
      queue.read(() => {
        const channel = channelKeys.lookUp(channelId)
        if (channel === undefined) return { replies: [], hasMore: false }
        const found = responsePage(channel, 'after' in after ? after.after : positionUpTo(channel, after.since), limit + 1)
        return { replies: found.slice(0, limit).map(toReply), hasMore: found.length > limit }
      }),
  }

  /** Reads on past damaged rows until the page is full. */
  function responsePage(channel: number, after: number, wanted: number): ReplyRow[] {
    const found: ReplyRow[] = []
    for (let position = after; found.length < wanted; ) {
      const chunk = responsesAfter.all(channel, position, wanted - found.length) as ReplyRow[]
      found.push(...chunk.filter(rows.intact))
      const last = chunk.at(-1)
      if (!last) break
      position = last.position
    }
    return found
  }

  function positionUpTo(channel: number, since: number): number {
    return (lastUpTo.get(channel, since) as { position: number } | undefined)?.position ?? 0
  }
}
