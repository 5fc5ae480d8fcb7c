import * as z from 'zod/mini'
import type { Database } from '../database/open.ts'

const verdictSchema = z.object({ number: z.string(), verdict: z.enum(['match', 'differ']), at: z.number() })
/** What a person found when they compared this very number. Time in epoch ms. client:SAF4 */
export type SafetyVerdict = z.infer<typeof verdictSchema>

/** The last comparison of this profile, of whatever number it was. */
export async function readVerdict(db: Database, profileId: string): Promise<SafetyVerdict | undefined> {
  const row = await db.get('settings', verdictKey(profileId))
  return verdictSchema.safeParse(row?.value).data
}

export async function saveVerdict(db: Database, profileId: string, verdict: SafetyVerdict): Promise<void> {
  await db.put('settings', { key: verdictKey(profileId), value: verdict })
}

function verdictKey(profileId: string): string {
  return `safety:${profileId}`
}
