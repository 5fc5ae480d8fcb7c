import type { Database } from '../database/open.ts'
import { listKept, removeOldest } from './removeOldest.ts'

/** What one clean-up makes room for: some ten thousand messages. Bytes. */
export const ROOM_BYTES = 32 * 1024 * 1024

/** About how many bytes, and what went for them. */
export type Freed = { bytes: number; files: number; messages: number }

/**
 * Makes room: first the files that can be fetched again, then the oldest messages that were read, until there is enough. What is unread,
 * pinned or snoozed stays, and so do the ids of what went (client:CDD7). client:CDD10
 */
export async function cleanUp(db: Database): Promise<Freed> {
  const freed: Freed = { bytes: 0, files: 0, messages: 0 }
  const transaction = db.transaction('files', 'readwrite')
  for (let cursor = await transaction.store.openCursor(); cursor; cursor = await cursor.continue()) {
    freed.bytes += cursor.value.bytes.byteLength
    freed.files++
    await cursor.delete()
  }
  await transaction.done
  const enough = (): boolean => freed.bytes >= ROOM_BYTES
  for (const profileId of await db.getAllKeys('profiles')) {
    const kept = await listKept(db, profileId)
    await removeOldest(db, profileId, {
      until: enough,
      going(message) {
        const goes = message.read === 1 && !kept.has(message.conversationId) && !enough()
        if (goes) {
          freed.bytes += JSON.stringify(message).length
          freed.messages++
        }
        return goes
      },
    })
  }
  return freed
}
