import type { Database } from '../database/open.ts'

/** The unread total of all profiles. client:INB2 */
export async function countUnread(db: Database): Promise<number> {
  let total = 0
  for (const profileId of await db.getAllKeys('profiles')) {
    const unread = IDBKeyRange.bound([profileId, 1], [profileId, Number.POSITIVE_INFINITY])
    for (const conversation of await db.getAllFromIndex('conversations', 'unread', unread)) total += conversation.unread
  }
  return total
}
