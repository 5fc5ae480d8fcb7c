import type { DatabaseSync } from 'node:sqlite'
import { RelayError } from '#protocol/errors.ts'
import type { ChannelMessage, Metadata } from '#protocol/message.ts'
import type { InboxStore, MessageOrigin } from '../port.ts'
import type { createAppend } from './append.ts'
import type { ChannelKeys } from './channelKeys.ts'
import type { Files } from './files.ts'
import type { HandedOut } from './handedOut.ts'
import type { Head, Heads } from './heads.ts'
import * as sql from './inboxSql.ts'
import type { MessagePages } from './messagePages.ts'
import { type MessageRow, toMessage } from './messageRow.ts'
import type { CommitQueue } from './queue.ts'

type Parts = {
  database: DatabaseSync
  queue: CommitQueue
  heads: Heads
  channelKeys: ChannelKeys
  files: Files
  pages: MessagePages
  append: ReturnType<typeof createAppend>
  keepHandedOut: HandedOut
  onCommitted: InboxStore['onCommitted']
}

/** Above every seq a row number can hold. */
const END = 2 ** 36 - 1

/** relay §4 */
export function createInbox({
  database,
  queue,
  heads,
  channelKeys,
  files,
  pages,
  append,
  keepHandedOut,
  onCommitted,
}: Parts): InboxStore {
  const latestSessions = database.prepare(sql.LATEST_SESSIONS)
  const raiseAcked = database.prepare(sql.RAISE_ACKED)
  const keepFloor = database.prepare(sql.KEEP_FLOOR)
  const deleteMessage = database.prepare(sql.DELETE_MESSAGE)
  const addGap = database.prepare(sql.ADD_GAP)
  const countGaps = database.prepare(sql.COUNT_GAPS)
  const countLateGaps = database.prepare(sql.COUNT_LATE_GAPS)
  const knows = database.prepare(sql.KNOWS_TARGET)
  const last = database.prepare(sql.LAST_TARGET)
  const newestOf = database.prepare(sql.NEWEST_OF_TARGET)
  const acks = new Map<string, { seq: number; done: Promise<void> }>()

  function ofSession<T>(userId: string, absent: T, run: (head: Head) => T): Promise<T> {
    return queue.read(() => {
      const head = heads.get(userId)
      return head ? run(head) : absent
    })
  }

  async function readPage(userId: string, limit: number, after: (head: Head) => number): Promise<ChannelMessage[]> {
    const messages = await ofSession(userId, [], (head) =>
      pages.after(head, after(head), limit).map((row) => toMessage(row, userId)),
    )
    await pages.noted()
    return messages
  }

  /** Acks that arrive before the next commit share one write. */
  async function ack(userId: string, seq: number): Promise<void> {
    const head = heads.get(userId)
    if (!head || seq > head.seq || seq <= head.acked) return
    const waiting = acks.get(userId)
    if (waiting) {
      waiting.seq = Math.max(waiting.seq, seq)
      return waiting.done
    }
    const raise = { seq, done: Promise.resolve() }
    acks.set(userId, raise)
    raise.done = queue
      .add(() => {
        acks.delete(userId)
        const current = heads.get(userId)
        if (!current || raise.seq <= current.acked) return
        raiseAcked.run(current.key, raise.seq)
        current.acked = raise.seq
      })
      .catch((error: unknown) => {
        acks.delete(userId)
        throw error
      })
    return raise.done
  }

  function newestOfTarget(channelId: string, target: string): MessageRow[] {
    const channel = channelKeys.lookUp(channelId)
    const place =
      channel === undefined ? undefined : (newestOf.get(channel, target) as { session: number; seq: number } | undefined)
    return place ? pages.at(place.session, place.seq) : []
  }

  return {
    append,
    onCommitted,
    ack,
    readAfter: (userId, seq, limit) => readPage(userId, limit, () => seq),
    readSince: (userId, since, limit) => readPage(userId, limit, (head) => pages.lastUpTo(head, since)),
    state: (userId) =>
      queue.read(() => {
        const head = heads.get(userId)
        if (!head) throw new RelayError('not_found', 'This session no longer exists. Register again.')
        return { epoch: head.epoch, head: head.seq, oldest: pages.oldest(head), lastTimestamp: head.at, acked: head.acked }
      }),
    handOut: (userId, since) =>
      ofSession(userId, undefined, (head) => {
        head.handedOut = Math.max(head.handedOut, since)
        keepHandedOut(since)
      }),
    droppedAbove: (userId, cursor) =>
      ofSession(userId, 0, (head) => {
        const from = Math.max(0, cursor)
        if (from >= head.seq) return 0
        const expired = Math.max(0, pages.oldest(head) - 1 - from)
        const { count } = countGaps.get(head.key, from + expired) as { count: number }
        return expired + count
      }),
    droppedSince: (userId, since) =>
      ofSession(userId, 0, (head) => {
        if (since >= head.at) return 0
        const from = pages.lastUpTo(head, since)
        const oldest = pages.oldest(head)
        const { late, front } = countLateGaps.get(head.key, from, since, oldest) as { late: number; front: number }
        const expired = since >= head.expiredAt ? 0 : Math.max(0, oldest - 1 - from) - front
        return expired + late
      }),
    byId: (userId, messageId) =>
      ofSession(userId, undefined, (head) => {
        const row = pages.byId(messageId).find(({ session }) => session === head.key)
        return row && toMessage(row, userId)
      }),
    remove: (userId, messageId) =>
      queue.add(() => {
        const head = heads.get(userId)
        const row = head && pages.anyById(messageId).find(({ session }) => session === head.key)
        if (!head || !row) return false
        deleteMessage.run(head.key, row.seq)
        keepFloor.run(head.key, head.seq, head.at)
        addGap.run(head.key, row.seq, 'removed', row.at)
        files.remove(messageId)
        return true
      }),
    knowsTarget: (channelId, target) =>
      queue.read(() => {
        const channel = channelKeys.lookUp(channelId)
        return channel !== undefined && knows.get(channel, target) !== undefined
      }),
    lastTarget: (channelId) =>
      queue.read(() => {
        const channel = channelKeys.lookUp(channelId)
        return channel === undefined ? undefined : (last.get(channel) as { target: string } | undefined)?.target
      }),
    origin: (channelId, wanted) =>
      queue.read(() => {
        const rows = 'messageId' in wanted ? pages.byId(wanted.messageId) : newestOfTarget(channelId, wanted.target)
        const row = rows.find((candidate) => candidate.channel_id === channelId)
        return row && toOrigin(row)
      }),
    recent: (limit, userId, beforeSeq = END) => {
      if (userId === undefined) return queue.read(() => recentOfAll(limit))
      return ofSession(userId, [], (head) => pages.before(head.key, beforeSeq, limit).map((row) => toMessage(row, userId)))
    },
  }

  function recentOfAll(limit: number) {
    const sessions = latestSessions.all(limit) as { key: number; user_id: string }[]
    return sessions
      .flatMap(({ key, user_id }) => pages.before(key, END, limit).map((row) => ({ row, user_id })))
      .sort((a, b) => b.row.at - a.row.at)
      .slice(0, limit)
      .map(({ row, user_id }) => toMessage(row, user_id))
  }
}

function toOrigin(row: MessageRow): MessageOrigin {
  return {
    messageId: row.id,
    ...(row.target === null ? {} : { target: row.target }),
    from: row.sender,
    metadata: JSON.parse(row.metadata) as Metadata,
  }
}
