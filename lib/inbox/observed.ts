import type { Database } from '../database/open.ts'
import { ownSettingsKey, ownSettingsSchema } from './messages.ts'

export const OBSERVE_ONLY = { code: 'observe_only', reason: 'You only observe this channel. Switch replies on first.' } as const

/** The channels the reader only looks at: nothing goes out to them from here, neither words nor that someone writes. client:OBS1 */
export async function listObserved(db: Database, profileId: string): Promise<ReadonlySet<string>> {
  const settings = ownSettingsSchema.safeParse((await db.get('settings', ownSettingsKey(profileId)))?.value ?? {})
  return new Set(settings.success ? settings.data.observedChannels : [])
}

export async function isObserved(db: Database, profileId: string, channelId: string): Promise<boolean> {
  return (await listObserved(db, profileId)).has(channelId)
}
