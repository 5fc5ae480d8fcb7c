import type { DatabaseSync } from 'node:sqlite'
import type { ReplyRecord, ReplyStore } from '../port.ts'
import type { ChannelKeys } from './channelKeys.ts'
import type { createEnqueue } from './enqueue.ts'
import type { HandedOut } from './handedOut.ts'
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
  keepHandedOut: HandedOut
}

/** relay §6. Which replies are claimed is known in memory only: after a crash everything queued is free again. */
export function createReplyStore({ database, queue, channelKeys, rows, tails, entry, keepHandedOut }: Parts): ReplyStore {
  const dueFronts = database.prepare(sql.DUE_FRONTS)
  const waitingFronts = database.prepare(sql.WAITING_FRONTS)
  const queuedOfChannel = database.prepare(sql.QUEUED_OF_CHANNEL)
  const queuedOfAgents = database.prepare(sql.QUEUED_OF_AGENTS)
  const responsesAfter = database.prepare(sql.RESPONSES_AFTER)
  const historyAfter = database.prepare(sql.HISTORY_AFTER)
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

  /** What may go out now. */
  function freeFronts(now: number, limit: number): ReplyRow[] {
    return (dueFronts.all(now, limit + claimed.size) as ReplyRow[]).filter((row) => !claimed.has(row.response_id)).slice(0, limit)
  }

  /** Under way and yet not claimed: the relay ended while it was being sent. */
  function claim(row: ReplyRow): ReplyRecord {
    claimed.add(row.response_id)
    return toReply(rows.change(row, { under_way: 1, uncertain: row.under_way === 1 ? 1 : row.uncertain }))
  }

  async function claimDue(now: number, limit: number): Promise<ReplyRecord[]> {
    const any = await queue.read(() => freeFronts(now, 1).length > 0)
    if (!any) return []
    let given: ReplyRecord[] = []
    const giveBack = () => {
      for (const { responseId } of given) claimed.delete(responseId)
    }
    try {
      return await queue.add(() => {
        giveBack()
        given = []
        for (const row of freeFronts(now, limit)) {
          if (rows.intact(row)) given.push(claim(row))
          else rows.failDamaged(row, now)
        }
        // A damaged one made room for the next of its conversation.
        if (given.length === 0) for (const row of freeFronts(now, limit)) if (rows.intact(row)) given.push(claim(row))
        return given
      })
    } catch (error) {
      giveBack()
      throw error
    }
  }

  function failAll(queued: ReplyRow[], reason: string, now: number): ReplyRecord[] {
    return queued.map((row) => toReply(rows.change(row, { state: 'failed', reason, updated_at: now })))
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
        const done = {
          state: outcome.state,
          reason: outcome.reason ?? null,
          attempts: row.attempts + 1,
          under_way: 0,
          updated_at: now,
        }
        return outcome.state === 'failed'
          ? done
          : { ...done, platform_message_id: outcome.platformMessageId ?? row.platform_message_id }
      })
      claimed.delete(responseId)
      return settled
    },
    async release(responseId, { attempts, dueAt, reason, uncertain }, now) {
      const released = await changeReply(responseId, (row) =>
        row.state === 'queued'
          ? { attempts, due_at: dueAt, reason, under_way: 0, uncertain: uncertain ? 1 : row.uncertain, updated_at: now }
          : undefined,
      )
      claimed.delete(responseId)
      return released
    },
    failChannel: (channelId, reason, now) => queue.add(() => failAll(rows.select(queuedOfChannel, channelId), reason, now)),
    failAgents: (channelId, target, reason, now) =>
      queue.add(() => failAll(rows.select(queuedOfAgents, channelId, target), reason, now)),
    byId: (userId, responseId) =>
      queue.read(() => {
        const row = rows.byId(responseId)
        return row && row.user_id === userId ? toReply(row) : undefined
      }),
    handOut: (channelId, since) =>
      queue.read(() => {
        tails.handOut(channelKeys.lookUp(channelId), since)
        keepHandedOut(since)
      }),
    listResponses: (channelId, after, limit) =>
      queue.read(() => {
        const channel = channelKeys.lookUp(channelId)
        if (channel === undefined) return { replies: [], hasMore: false }
        const start = 'after' in after ? after.after : positionUpTo(channel, after.since)
        const read = (position: number, most: number) => responsesAfter.all(channel, position, most) as ReplyRow[]
        const found = intactPage(read, start, ({ position }) => position, limit + 1)
        return { replies: found.slice(0, limit).map(toReply), hasMore: found.length > limit }
      }),
    history: (userId, after, limit) =>
      queue.read(() => {
        const read = (row: number, most: number) => historyAfter.all(userId, row, most) as ReplyRow[]
        const found = intactPage(read, after, ({ row }) => row, limit + 1)
        const entries = found.slice(0, limit).map((row) => ({ place: row.row, reply: toReply(row) }))
        return { entries, hasMore: found.length > limit }
      }),
  }

  /** Reads on past damaged rows until the page is full. */
  function intactPage(
    read: (after: number, most: number) => ReplyRow[],
    start: number,
    placeOf: (row: ReplyRow) => number,
    wanted: number,
  ): ReplyRow[] {
    const found: ReplyRow[] = []
    for (let after = start; found.length < wanted; ) {
      const chunk = read(after, wanted - found.length)
      found.push(...chunk.filter(rows.intact))
      const last = chunk.at(-1)
      if (!last) break
      after = placeOf(last)
    }
    return found
  }

  function positionUpTo(channel: number, since: number): number {
    return (lastUpTo.get(channel, since) as { position: number } | undefined)?.position ?? 0
  }
}
