import type { Database } from '../../database/open.ts'

/** Whether the owner of a profile does not want to be led. client:ONB4 */
export async function readSkipped(db: Database, profileId: string): Promise<boolean> {
  return (await db.get('settings', keyOf(profileId))) !== undefined
}

export async function saveSkipped(db: Database, profileId: string): Promise<void> {
  await db.put('settings', { key: keyOf(profileId), value: true })
}

const keyOf = (profileId: string): string => `startSkipped:${profileId}`
