import type { Database } from '../database/open.ts'

/** The unread total of all profiles. client:INB2 */
export async function countAllUnread(db: Database): Promise<number> {
  let total = 0
  for (const profileId of await db.getAllKeys('profiles')) total += await countUnread(db, profileId)
  return total
}

/** What is unread in one profile, from the index alone. */
export async function countUnread(db: Database, profileId: string): Promise<number> {
  let total = 0
  const index = db.transaction('conversations').store.index('unread')
  const some = IDBKeyRange.bound([profileId, 1], [profileId, Number.POSITIVE_INFINITY])
  for (let cursor = await index.openKeyCursor(some); cursor; cursor = await cursor.continue()) total += cursor.key[1]
  return total
}
