import { i18n } from '#i18n'
import type { Settings } from '../inbox/messages.ts'
import { clock, type Quiet, quietUntil, readQuiet } from '../inbox/quiet.ts'
import { weekdayTime } from '../ui/moment.ts'

const HOUR_MS = 60 * 60_000

export type QuietChoice = { label: string; change: Pick<Settings, 'quiet'> }

/** What can be chosen at once: some time of quiet, or its end. Quiet hours end by themselves. client:DND1 */
export function quietChoices(value: unknown, now: number): QuietChoice[] {
  const quiet = readQuiet(value)
  const until = (at: number): Pick<Settings, 'quiet'> => ({ quiet: { ...quiet, until: at } satisfies Quiet })
  if (quiet.until > now) return [{ label: i18n.t('quiet.end'), change: until(0) }]
  const morning = clock(now, clock(now, 0, quiet.to) > now ? 0 : 1, quiet.to)
  return [
    { label: i18n.t('quiet.hour'), change: until(now + HOUR_MS) },
    { label: i18n.t('quiet.until', { time: weekdayTime(morning) }), change: until(morning) },
  ]
}

/** "Do not disturb until Thursday 08:00", or only its name while it is off. */
export function quietWords(value: unknown, now: number): string {
  const end = quietUntil(readQuiet(value), now)
  return end === undefined ? i18n.t('quiet.title') : i18n.t('quiet.now', { time: weekdayTime(end) })
}
