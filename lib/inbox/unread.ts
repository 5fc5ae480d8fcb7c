import type { Database } from '../database/open.ts'

/** The unread total of all profiles, from the index alone. client:INB2 */
export async function countUnread(db: Database): Promise<number> {
  let total = 0
  for (const profileId of await db.getAllKeys('profiles')) {
    const index = db.transaction('conversations').store.index('unread')
    const some = IDBKeyRange.bound([profileId, 1], [profileId, Number.POSITIVE_INFINITY])
    for (let cursor = await index.openKeyCursor(some); cursor; cursor = await cursor.continue()) total += cursor.key[1]
  }
  return total
}
