import { clockTime, dayKey, futureDay } from '../../ui/time.ts'

/** Today 18:00, Tomorrow 09:00, Monday 09:00, 3 May 09:00. */
export function whenWords(at: number, now: number): string {
  const time = clockTime(at)
  return dayKey(at) === dayKey(now) ? time : `${futureDay(at, now)} ${time}`
}
