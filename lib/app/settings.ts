import type { Database } from '../database/open.ts'
import { type Settings, settingsSchema } from '../inbox/messages.ts'

const KEY = 'settings'

/** What the user set; a value this version cannot read counts as not set. */
export async function readSettings(db: Database): Promise<Settings> {
  const row = await db.get('settings', KEY)
  const settings = settingsSchema.safeParse(row?.value ?? {})
  return settings.success ? settings.data : settingsSchema.parse({})
}

/** Changes only what is given. */
export async function changeSettings(db: Database, change: { [K in keyof Settings]?: Settings[K] | undefined }): Promise<void> {
  const transaction = db.transaction('settings', 'readwrite')
  const before = settingsSchema.safeParse((await transaction.store.get(KEY))?.value ?? {})
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  await transaction.store.put({ key: KEY, value: { ...(before.success && before.data), ...given } })
  await transaction.done
}
