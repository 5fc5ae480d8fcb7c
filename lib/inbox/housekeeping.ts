import type { Database } from '../database/open.ts'
import { expireClips } from './clipStore.ts'
import { expireFiles } from './fetchFile.ts'
import { listKept, removeOldest } from './removeOldest.ts'

/** client:CDD7 */
export const SEEN_KEPT_MS = 35 * 24 * 60 * 60_000
export const SEEN_KEPT = 150_000
/** client:ARC7: enough to see a pattern. */
const QUARANTINE_KEPT = 200
const CHUNK_ROWS = 500

/** Lets go of what is no longer needed, in chunks: files after a day, ids no relay can repeat, messages above the limit. */
export async function tidy(db: Database, { now, keepMessages }: { now: number; keepMessages: number }): Promise<void> {
  await expireFiles(db, now)
  await expireClips(db, now)
  await trimQuarantine(db)
  await forgetLeases(db, now)
  for (const profileId of await db.getAllKeys('profiles')) {
    await forgetIds(db, profileId, now)
    await trimMessages(db, profileId, keepMessages)
  }
}

/** Ids older than 35 days go, unless they are among the newest 150,000 of their profile. client:CDD7 */
async function forgetIds(db: Database, profileId: string, now: number): Promise<void> {
  let surplus = (await db.countFromIndex('seen', 'age', IDBKeyRange.bound([profileId], [profileId, []]))) - SEEN_KEPT
  while (surplus > 0) {
    const transaction = db.transaction('seen', 'readwrite')
    const old = IDBKeyRange.bound([profileId], [profileId, now - SEEN_KEPT_MS])
    const keys = await transaction.store.index('age').getAllKeys(old, Math.min(CHUNK_ROWS, surplus))
    await Promise.all(keys.map((key) => transaction.store.delete(key)))
    await transaction.done
    surplus = keys.length < CHUNK_ROWS ? 0 : surplus - keys.length
  }
}

/** The oldest read messages go first; what is unread, pinned or snoozed only when nothing else is left. client:CDD11 */
async function trimMessages(db: Database, profileId: string, keep: number): Promise<void> {
  let surplus = (await db.countFromIndex('messages', 'time', IDBKeyRange.bound([profileId], [profileId, []]))) - keep
  const kept = surplus > 0 ? await listKept(db, profileId) : new Set()
  for (const all of [false, true])
    await removeOldest(db, profileId, {
      until: () => surplus <= 0,
      going({ read, conversationId }) {
        const goes = surplus > 0 && (all || (read === 1 && !kept.has(conversationId)))
        if (goes) surplus--
        return goes
      },
    })
}

/** A message that is done, or failed, is not come back to once the relay cannot repeat it. client:CDD9 */
async function forgetLeases(db: Database, now: number): Promise<void> {
  const transaction = db.transaction('leases', 'readwrite')
  const old = await transaction.store.index('finished').getAllKeys(IDBKeyRange.upperBound(now - SEEN_KEPT_MS))
  await Promise.all(old.map((key) => transaction.store.delete(key)))
  await transaction.done
}

async function trimQuarantine(db: Database): Promise<void> {
  const transaction = db.transaction('quarantine', 'readwrite')
  const keys = await transaction.store.getAllKeys()
  await Promise.all(keys.slice(0, Math.max(0, keys.length - QUARANTINE_KEPT)).map((key) => transaction.store.delete(key)))
  await transaction.done
}
