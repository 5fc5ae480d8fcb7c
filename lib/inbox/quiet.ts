import * as z from 'zod/mini'
import type { Database } from '../database/open.ts'

const quietSchema = z.object({
  /** Quiet hours, every chosen day. */
  on: z.boolean(),
  /** Minutes after midnight by this computer's clock. `to` not after `from` is on the next day. */
  from: z.number(),
  to: z.number(),
  /** On which days they begin; 0 is Sunday. */
  days: z.array(z.number()),
  /** Chosen for once, epoch ms. */
  until: z.number(),
})
export type Quiet = z.infer<typeof quietSchema>

const USUAL: Quiet = { on: false, from: 22 * 60, to: 8 * 60, days: [0, 1, 2, 3, 4, 5, 6], until: 0 }
/** Hours that meet those of the next day go on; nobody needs the end of more than a week. */
const MOST_DAYS = 8

/** A setting this version cannot read disturbs as before. client:DND1 */
export function readQuiet(value: unknown): Quiet {
  const quiet = quietSchema.safeParse(value)
  return quiet.success ? quiet.data : USUAL
}

/** When it ends; `undefined` while notifications are shown. client:DND1 */
export function quietUntil(quiet: Quiet, now: number): number | undefined {
  let end = quiet.until > now ? quiet.until : undefined
  for (let day = 0; day < MOST_DAYS; day++) {
    const next = endOfHours(quiet, end ?? now)
    if (next === undefined) break
    end = next
  }
  return end
}

/** Of the quiet hours that hold this moment, those of yesterday too. */
function endOfHours({ on, from, to, days }: Quiet, at: number): number | undefined {
  if (!on) return undefined
  for (const ago of [1, 0]) {
    const begin = clock(at, -ago, from)
    const end = clock(at, to > from ? -ago : 1 - ago, to)
    if (days.includes(new Date(begin).getDay()) && begin <= at && at < end) return end
  }
  return undefined
}

/** So many minutes after midnight, by the clock on the wall, some days from a moment. */
export function clock(at: number, days: number, minutes: number): number {
  const date = new Date(at)
  date.setDate(date.getDate() + days)
  return date.setHours(0, minutes, 0, 0)
}

/** For a context without the worker's settings. */
export async function isQuiet(db: Database, now: number): Promise<boolean> {
  const settings = (await db.get('settings', 'settings'))?.value as { quiet?: unknown } | undefined
  return quietUntil(readQuiet(settings?.quiet), now) !== undefined
}
