import type { Database } from '../database/open.ts'
import type { Change, Changes } from '../messaging/changes.ts'
import type { Timers } from '../platform/timers.ts'
import type { Reply, Scheduled } from './model.ts'
import { newClientId } from './writing.ts'

/** Sent this long after its time, a reply says so. client:SCH3 */
export const LATE_MS = 2 * 60_000
/** A timer that waits for hours would not notice a computer that slept or a clock that was set. */
const LOOK_AGAIN_MS = 30_000

/**
 * Makes replies of what is due, each in the transaction that takes it out of the schedule: one that is both there and sent, or neither, does
 * not exist. client:SCH2, SCH3
 */
export async function releaseDue(db: Database, profileId: string, now: number): Promise<Reply[]> {
  // The relay's time, as of every other reply. client:CDD12
  const time = now + ((await db.get('sessions', profileId))?.clockOffsetMs ?? 0)
  const transaction = db.transaction(['scheduled', 'conversations', 'replies', 'unindexed'], 'readwrite')
  const conversations = transaction.objectStore('conversations')
  const released: Reply[] = []
  const waiting = await transaction.objectStore('scheduled').getAll(within(profileId))
  for (const planned of waiting
    .filter(({ sendAt }) => sendAt <= now)
    .sort((a, b) => a.sendAt - b.sendAt || a.createdAt - b.createdAt)) {
    const { id, sendAt, conversationId, createdAt: _written, ...said } = planned
    await transaction.objectStore('scheduled').delete([profileId, conversationId, id])
    const conversation = await conversations.get([profileId, conversationId])
    // What was deleted is not answered.
    if (!conversation) continue
    const createdAt = Math.max(time, conversation.lastAt + 1, (released.at(-1)?.createdAt ?? 0) + 1)
    const reply: Reply = {
      ...said,
      conversationId,
      clientId: newClientId(createdAt),
      createdAt,
      updatedAt: now,
      plannedFor: sendAt,
      ...(now - sendAt > LATE_MS && { late: true as const }),
      state: 'sending',
    }
    await transaction.objectStore('replies').add(reply)
    await transaction.objectStore('unindexed').add({ profileId, kind: 'reply', ids: [reply.clientId] })
    await conversations.put({ ...conversation, lastAt: createdAt, lastReplyId: reply.clientId })
    released.push(reply)
  }
  await transaction.done
  return released
}

/** When the next one is due, if any is. */
async function nextDue(db: Database, profileId: string): Promise<number | undefined> {
  const times = (await db.getAll('scheduled', within(profileId))).map(({ sendAt }: Scheduled) => sendAt)
  return times.length === 0 ? undefined : Math.min(...times)
}

/**
 * Lets scheduled replies go at their time, with every page closed. It lives where the socket does; the worker's alarm brings that back where
 * it was ended. client:SCH2
 */
export function createSchedule({
  db,
  profileId,
  timers,
  changes,
  onReleased,
}: {
  db: Database
  profileId: string
  timers: Timers
  changes: Pick<Changes, 'listen'>
  onReleased: (replies: Reply[]) => void
}) {
  let cancel = (): void => undefined
  let stopListening = (): void => undefined
  let turn: Promise<void> = Promise.resolve()
  let closed = false

  async function look(): Promise<void> {
    cancel()
    if (closed) return
    let due = await nextDue(db, profileId)
    // Only then: what writes keeps everything that arrives waiting.
    if (due !== undefined && due <= timers.now() && !closed) {
      const replies = await releaseDue(db, profileId, timers.now())
      if (replies.length > 0) onReleased(replies)
      due = await nextDue(db, profileId)
    }
    if (due !== undefined && !closed) cancel = timers.after(Math.min(LOOK_AGAIN_MS, Math.max(0, due - timers.now())), lookInTurn)
  }

  function lookInTurn(): void {
    turn = turn.then(look).catch(() => {
      if (!closed) cancel = timers.after(LOOK_AGAIN_MS, lookInTurn)
    })
  }

  return {
    start(): void {
      stopListening = changes.listen((change: Change) => {
        if (change.topic === 'scheduled' && change.profileId === profileId) lookInTurn()
      })
      lookInTurn()
    },
    async close(): Promise<void> {
      closed = true
      stopListening()
      cancel()
      await turn
    },
  }
}

function within(profileId: string): IDBKeyRange {
  return IDBKeyRange.bound([profileId], [profileId, []])
}
