import * as z from 'zod/mini'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Mode } from './model.ts'

export const MODES = ['off', 'writes', 'all'] as const satisfies Mode[]
export const modeSchema = z.enum(MODES)

const modeKey = (profileId: string): string => `approvals:${profileId}`

/** Never chosen is off; a value that cannot be read is the strictest. client:APR1 */
export async function readMode(db: Database, profileId: string): Promise<Mode> {
  const stored = await db.get('settings', modeKey(profileId))
  if (stored === undefined) return 'off'
  const mode = modeSchema.safeParse(stored.value)
  return mode.success ? mode.data : 'all'
}

/** Fewer questions than before. client:APR16 */
export function weakens(from: Mode, to: Mode): boolean {
  return MODES.indexOf(to) < MODES.indexOf(from)
}

/** Throws Failure `not_confirmed` when it would weaken the mode and nobody confirmed that. client:APR16 */
export async function changeMode(db: Database, profileId: string, mode: Mode, confirmed: boolean): Promise<void> {
  if (!confirmed && weakens(await readMode(db, profileId), mode))
    throw new Failure('not_confirmed', 'Fewer questions than now: confirm it first.')
  await db.put('settings', { key: modeKey(profileId), value: mode })
}
