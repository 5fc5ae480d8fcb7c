import type { Database } from '../database/open.ts'
import type { Conversation } from './model.ts'
import { listObserved } from './observed.ts'

/** The conversation somebody wrote in last, of all profiles, whose channel takes answers. client:RCH3 */
export async function newestToAnswer(db: Database): Promise<Conversation | undefined> {
  const newest: Conversation[] = []
  for (const profileId of await db.getAllKeys('profiles')) {
    const found = await newestOf(db, profileId)
    if (found) newest.push(found)
  }
  return newest.sort((a, b) => b.lastMessageAt - a.lastMessageAt)[0]
}

async function newestOf(db: Database, profileId: string): Promise<Conversation | undefined> {
  const all = IDBKeyRange.bound([profileId], [profileId, []])
  const observed = await listObserved(db, profileId)
  const channels = await db.getAll('channels', all)
  const answered = new Map(channels.map(({ id, config }) => [id, config.direction === 'bidirectional' && !observed.has(id)]))
  let newest: Conversation | undefined
  const { store } = db.transaction('conversations')
  // By the newest item, theirs or ours: no later one can hold a newer message of theirs.
  for (let cursor = await store.index('recent').openCursor(all, 'prev'); cursor; cursor = await cursor.continue()) {
    if (newest && cursor.value.lastAt <= newest.lastMessageAt) break
    const { channelId, lastMessageAt } = cursor.value
    if (answered.get(channelId) && lastMessageAt > (newest?.lastMessageAt ?? 0)) newest = cursor.value
  }
  return newest
}
