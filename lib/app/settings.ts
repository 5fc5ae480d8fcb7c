import type { Database } from '../database/open.ts'
import { ownSettingsKey, ownSettingsSchema, type Settings, type SettingsChange, sharedSettingsSchema } from '../inbox/messages.ts'

const SHARED_KEY = 'settings'

/** What the user set; a value this version cannot read counts as not set. client:PRF2 */
export async function readSettings(db: Database, profileId: string): Promise<Settings> {
  const [shared, own] = await Promise.all([db.get('settings', SHARED_KEY), db.get('settings', ownSettingsKey(profileId))])
  return { ...readable(sharedSettingsSchema, shared?.value), ...readable(ownSettingsSchema, own?.value) }
}

/** client:CDD11: the same for all profiles. */
export async function readKeepMessages(db: Database): Promise<number> {
  return readable(sharedSettingsSchema, (await db.get('settings', SHARED_KEY))?.value).keepMessages
}

/** Changes only what is given, each where it belongs: in this browser or in the profile. */
export async function changeSettings(db: Database, profileId: string, change: SettingsChange): Promise<void> {
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  const transaction = db.transaction('settings', 'readwrite')
  for (const [key, schema] of [
    [SHARED_KEY, sharedSettingsSchema],
    [ownSettingsKey(profileId), ownSettingsSchema],
  ] as const) {
    const mine = given.filter(([name]) => name in schema.shape)
    if (mine.length === 0) continue
    const before = schema.safeParse((await transaction.store.get(key))?.value ?? {})
    await transaction.store.put({ key, value: { ...(before.success && before.data), ...Object.fromEntries(mine) } })
  }
  await transaction.done
}

type Reads<T> = { safeParse(value: unknown): { success: true; data: T } | { success: false }; parse(value: unknown): T }

function readable<T>(schema: Reads<T>, value: unknown): T {
  const settings = schema.safeParse(value ?? {})
  return settings.success ? settings.data : schema.parse({})
}
