import type { Database } from '../database/open.ts'
import type { InboxMessage, Lease } from './model.ts'

/** client:CDD9 */
export const LEASE_MS = 60_000
export const ATTEMPTS = 3
/** What came later than this after it was written is the past: nothing is done about it. */
export const ACT_WITHIN_MS = 15 * 60_000
/** How far this computer's clock may be off the relay's here, where nobody asks; the work itself looks closely. */
const CLOCK_SLACK_MS = 24 * 60 * 60_000
const DIED = 'The browser was closed each time it was tried.'

/** What a freshly stored message leaves to do, in the same transaction: no end of a worker can lose it. `undefined` for nothing. client:CDD1, CDD9 */
export function leaseFor(message: InboxMessage, channels: ReadonlySet<string>, now: number): Lease | undefined {
  const { profileId, id: messageId, conversationId, channelId, at } = message
  if (!channels.has(channelId) || at < now - ACT_WITHIN_MS - CLOCK_SLACK_MS) return undefined
  return { profileId, messageId, conversationId, attempts: 0, state: 'waiting', due: now }
}

export type Claim = { claimed: Lease | undefined; failed: Lease[] }

/** Takes the next message that is due, for 60 s. One that was taken three times has failed. client:CDD9 */
export async function claimNext(db: Database, now: number): Promise<Claim> {
  const failed: Lease[] = []
  const transaction = db.transaction('leases', 'readwrite')
  const due = transaction.store.index('due')
  let claimed: Lease | undefined
  for (let row = await due.openCursor(IDBKeyRange.upperBound(now)); row && !claimed; row = await row.continue()) {
    const { profileId, messageId, conversationId, attempts, reason = DIED } = row.value
    const lease = { profileId, messageId, conversationId, reason }
    if (attempts >= ATTEMPTS) {
      const over: Lease = { ...lease, attempts, state: 'failed', finishedAt: now }
      await row.update(over)
      failed.push(over)
    } else {
      claimed = { ...row.value, attempts: attempts + 1, state: 'claimed', due: now + LEASE_MS }
      await row.update(claimed)
    }
  }
  await transaction.done
  return { claimed, failed }
}

/** Marks it as done. A message that was removed meanwhile has no lease any more. */
export async function finishLease(db: Database, lease: Lease, now: number): Promise<void> {
  const { profileId, messageId, conversationId, attempts } = lease
  await replace(db, lease, () => ({ profileId, messageId, conversationId, attempts, state: 'done', finishedAt: now }))
}

/** It is tried again when the lease is over. */
export async function noteTrouble(db: Database, lease: Lease, reason: string): Promise<void> {
  await replace(db, lease, (now) => ({ ...now, reason }))
}

async function replace(db: Database, { profileId, messageId }: Lease, change: (lease: Lease) => Lease): Promise<void> {
  const transaction = db.transaction('leases', 'readwrite')
  const lease = await transaction.store.get([profileId, messageId])
  if (lease) await transaction.store.put(change(lease))
  await transaction.done
}

/** Messages of a conversation about which something failed, with the reason. */
export async function listFailed(db: Database, profileId: string, conversationId: string): Promise<ReadonlyMap<string, string>> {
  const failed = await db.getAllFromIndex('leases', 'conversation', IDBKeyRange.only([profileId, conversationId, 'failed']))
  return new Map(failed.map(({ messageId, reason = DIED }) => [messageId, reason]))
}
