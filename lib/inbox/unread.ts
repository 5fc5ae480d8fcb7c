import type { Database } from '../database/open.ts'
import { isAway, standingOf } from './standing.ts'

/** The unread total of all profiles. client:INB2 */
export async function countAllUnread(db: Database, now: number): Promise<number> {
  let total = 0
  for (const profileId of await db.getAllKeys('profiles')) total += await countUnread(db, profileId, now)
  return total
}

/** What is unread in one profile, without what the reader does not want to hear of now. From the index, but for the few that are marked. client:MRK3, MRK4 */
export async function countUnread(db: Database, profileId: string, now: number): Promise<number> {
  const transaction = db.transaction(['conversations', 'marks'])
  const conversations = transaction.objectStore('conversations')
  let total = 0
  const some = IDBKeyRange.bound([profileId, 1], [profileId, Number.POSITIVE_INFINITY])
  for (let cursor = await conversations.index('unread').openKeyCursor(some); cursor; cursor = await cursor.continue())
    total += cursor.key[1]
  const marks = await transaction.objectStore('marks').getAll(IDBKeyRange.bound([profileId], [profileId, []]))
  for (const mark of marks) {
    const conversation = await conversations.get([profileId, mark.conversationId])
    const standing = conversation && standingOf(mark, conversation, now)
    if (standing && (standing.muted || isAway(standing))) total -= conversation.unread
  }
  return total
}
