import { clockTime, dayKey, rowTime } from './time.ts'

const DAY_MS = 86_400_000

/** For sentences: "today 14:07", "yesterday 14:07", else "3 Nov, 14:07". Times in epoch ms. */
export function moment(at: number, now: number): string {
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
  if (dayKey(at) === dayKey(now)) return `${relative.format(0, 'day')} ${clockTime(at)}`
  if (dayKey(at) === dayKey(now - DAY_MS)) return `${relative.format(-1, 'day')} ${clockTime(at)}`
  return `${rowTime(at, now)}, ${clockTime(at)}`
}

/** For sentences about the days to come: "Thursday 14:07". */
export function weekdayTime(at: number): string {
  return new Intl.DateTimeFormat(undefined, { weekday: 'long', hour: 'numeric', minute: '2-digit' }).format(at)
}

/** For sentences: "3 November", with the year when it is another one. */
export function longDay(at: number, now: number): string {
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const)
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', ...year }).format(at)
}
