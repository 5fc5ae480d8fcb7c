import { MAX_REPLY_BYTES } from '#protocol/limits.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Away } from './model.ts'

/** Throws Failure `missing_field` or `content_too_large`. */
export async function saveAway(db: Database, profileId: string, channelId: string, away: Away): Promise<void> {
  const text = away.text.trim()
  if (away.on && text === '') throw new Failure('missing_field', 'Write what is to be answered first.')
  if (new TextEncoder().encode(text).length > MAX_REPLY_BYTES)
    throw new Failure('content_too_large', 'This answer is longer than the relay takes (64 KiB). Shorten it.')
  await db.put('automations', { profileId, channelId, away: { ...away, text } })
}

export async function readAway(db: Database, profileId: string, channelId: string): Promise<Away | undefined> {
  return (await db.get('automations', [profileId, channelId]))?.away
}

/** A channel that was rebuilt under another id answers as before. client:REC2 */
export async function moveAway(db: Database, profileId: string, from: string, to: string): Promise<void> {
  const transaction = db.transaction('automations', 'readwrite')
  const automation = await transaction.store.get([profileId, from])
  if (automation) {
    await transaction.store.put({ ...automation, channelId: to })
    await transaction.store.delete([profileId, from])
  }
  await transaction.done
}
