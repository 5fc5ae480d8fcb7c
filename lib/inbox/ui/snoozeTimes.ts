const HOUR_MS = 60 * 60_000
const EVENING = 18
const MORNING = 9

export type Choice = { name: 'hours' | 'evening' | 'tomorrow' | 'monday'; at: number }

/** When a conversation may come back: the evening only while it is not near, Monday only where tomorrow is not Monday. client:SNZ3 */
export function snoozeTimes(now: number): Choice[] {
  const at = (days: number, hour: number): number => {
    const time = new Date(now)
    time.setDate(time.getDate() + days)
    return time.setHours(hour, 0, 0, 0)
  }
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7
  return [
    { name: 'hours', at: now + 3 * HOUR_MS },
    ...(at(0, EVENING) - now > HOUR_MS ? [{ name: 'evening' as const, at: at(0, EVENING) }] : []),
    { name: 'tomorrow', at: at(1, MORNING) },
    ...(toMonday > 1 ? [{ name: 'monday' as const, at: at(toMonday, MORNING) }] : []),
  ]
}

/** How long a conversation may be muted, from now. The last one is for good. client:MRK4 */
export const MUTE_TIMES = [
  ['hour', HOUR_MS],
  ['hours', 8 * HOUR_MS],
  ['week', 7 * 24 * HOUR_MS],
] as const
/** The last moment a Date can hold. */
export const FOR_GOOD = 8.64e15
