import type { Database } from '../database/open.ts'
import type { Changes } from '../messaging/changes.ts'
import type { Timers } from '../platform/timers.ts'
import type { Reply } from './model.ts'
import { listObserved, OBSERVE_ONLY } from './observed.ts'
import { newClientId } from './writing.ts'

/** Sent this long after its time, a reply says so. client:SCH3 */
export const LATE_MS = 2 * 60_000
/** A timer that waits for hours would not notice a computer that slept or a clock that was set. */
const LOOK_AGAIN_MS = 30_000

/**
 * Makes replies of what is due, each in the transaction that takes it out of the schedule: one that is both there and sent, or neither, does
 * not exist. What meanwhile goes to a channel that is only observed is not sent; it stands there as failed. client:SCH2, SCH3, OBS1
 */
export async function releaseDue(db: Database, profileId: string, now: number): Promise<Reply[]> {
  // The relay's time, as of every other reply. client:CDD12
  const time = now + ((await db.get('sessions', profileId))?.clockOffsetMs ?? 0)
  const observed = await listObserved(db, profileId)
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
      ...(observed.has(said.channelId) ? { state: 'failed', ...OBSERVE_ONLY } : { state: 'sending' }),
    }
    await transaction.objectStore('replies').add(reply)
    await transaction.objectStore('unindexed').add({ profileId, kind: 'reply', ids: [reply.clientId] })
    await conversations.put({ ...conversation, lastAt: createdAt, lastReplyId: reply.clientId })
    released.push(reply)
  }
  await transaction.done
  return released
}

/** When the next of these profiles' is due, if any is. */
async function nextDue(db: Database, profileIds: string[]): Promise<number | undefined> {
  const waiting = await Promise.all(profileIds.map((id) => db.getAll('scheduled', within(id))))
  const times = waiting.flat().map(({ sendAt }) => sendAt)
  return times.length === 0 ? undefined : Math.min(...times)
}

/**
 * Lets the scheduled replies of all profiles that are on go at their time, with every page closed. It lives in the document that outlives the
 * worker; the worker's alarm brings that back where it was ended. client:SCH2
 */
export function createSchedule({
  db,
  timers,
  changes,
}: {
  db: Database
  timers: Timers
  changes: Pick<Changes, 'listen' | 'tell'>
}) {
  let cancel = (): void => undefined
  let turn: Promise<void> = Promise.resolve()
  let closed = false

  async function look(): Promise<void> {
    cancel()
    if (closed) return
    const profiles = (await db.getAll('profiles')).filter(({ stopped }) => !stopped).map(({ id }) => id)
    let due = await nextDue(db, profiles)
    // Only then: what writes keeps everything that arrives waiting.
    if (due !== undefined && due <= timers.now() && !closed) {
      for (const profileId of profiles) tellReleased(await releaseDue(db, profileId, timers.now()))
      due = await nextDue(db, profiles)
    }
    if (due !== undefined && !closed) cancel = timers.after(Math.min(LOOK_AGAIN_MS, Math.max(0, due - timers.now())), lookInTurn)
  }

  /** Pages read it again, and what sends sends. */
  function tellReleased(replies: Reply[]): void {
    for (const { profileId, conversationId } of replies)
      for (const topic of ['scheduled', 'replies'] as const) changes.tell({ topic, profileId, conversationId })
  }

  function lookInTurn(): void {
    turn = turn.then(look).catch(() => {
      if (!closed) cancel = timers.after(LOOK_AGAIN_MS, lookInTurn)
    })
  }

  const stopListening = changes.listen(({ topic }) => {
    if (topic === 'scheduled' || topic === 'profiles') lookInTurn()
  })
  lookInTurn()

  return {
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
