const HOUR_MS = 60 * 60_000
const MORNING = 9
const EVENING = 18
const MONDAY = 1

export type SendTime = { name: 'hour' | 'evening' | 'tomorrow' | 'monday'; at: number }

/** Times people mean, by the clock on the wall; none is said twice, and none is nearer than an hour. client:SCH1 */
export function sendTimes(now: number): SendTime[] {
  const soonest = now + HOUR_MS
  const weekday = new Date(now).getDay()
  const toMonday = (MONDAY + 7 - weekday) % 7 || 7
  const wanted: SendTime[] = [
    { name: 'hour', at: soonest - (soonest % 60_000) },
    { name: 'evening', at: onDay(now, 0, EVENING) },
    { name: 'tomorrow', at: onDay(now, 1, MORNING) },
    { name: 'monday', at: onDay(now, toMonday, MORNING) },
  ]
  return wanted.filter(
    ({ name, at }, index) => name === 'hour' || (at > soonest && wanted.findIndex((one) => one.at === at) === index),
  )
}

function onDay(now: number, days: number, hour: number): number {
  const date = new Date(now)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, hour).getTime()
}

/** For an input of type datetime-local: local time without a zone, to the minute. */
export function toLocalInput(at: number): string {
  const date = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** NaN while it is not a time. */
export function fromLocalInput(value: string): number {
  return new Date(value).getTime()
}
