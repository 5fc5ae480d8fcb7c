import type { Database } from '../database/open.ts'

/** The reader has taken note of it. client:CDD6 */
export async function dismissGap(db: Database, profileId: string, id: string): Promise<void> {
  const transaction = db.transaction('gaps', 'readwrite')
  const gap = await transaction.store.get([profileId, id])
  if (gap) await transaction.store.put({ ...gap, dismissed: 1 })
  await transaction.done
}
