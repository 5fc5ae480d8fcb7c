/** Times in epoch ms, shown in the browser's language and time zone. */

const DAY_MS = 86_400_000

/** 14:07 */
export function clockTime(at: number): string {
  return format({ timeStyle: 'short' }, at)
}

/** For list rows: 14:07 today, a weekday within the last six days, else a date; the year only when it is not this one. */
export function rowTime(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days <= 0) return clockTime(at)
  if (days <= 6) return format({ weekday: 'short' }, at)
  if (sameYear(at, now)) return format({ day: 'numeric', month: 'short' }, at)
  return format({ day: 'numeric', month: 'short', year: 'numeric' }, at)
}

/** For times to come: 18:00 today, else Tue 09:00, with the date when it is further away than a week. */
export function soonTime(at: number, now: number): string {
  const days = daysBetween(now, at)
  if (days <= 0) return clockTime(at)
  return format({ ...(days > 6 && { day: 'numeric', month: 'short' }), weekday: 'short', hour: 'numeric', minute: '2-digit' }, at)
}

/** For day separators: Today, Yesterday, Monday, or the full date. */
export function dayLabel(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days === 0 || days === 1) return capital(new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(-days, 'day'))
  if (days > 1 && days <= 6) return capital(format({ weekday: 'long' }, at))
  if (sameYear(at, now)) return format({ weekday: 'long', day: 'numeric', month: 'long' }, at)
  return format({ day: 'numeric', month: 'long', year: 'numeric' }, at)
}

/** A day to come: Tomorrow, Monday, or the date; today by its name. */
export function futureDay(at: number, now: number): string {
  const days = -daysBetween(at, now)
  if (days === 0 || days === 1) return capital(new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(days, 'day'))
  if (days > 1 && days <= 6) return capital(format({ weekday: 'long' }, at))
  if (sameYear(at, now)) return format({ day: 'numeric', month: 'long' }, at)
  return format({ day: 'numeric', month: 'long', year: 'numeric' }, at)
}

/** Day and time, short: 3 May, 14:07. */
export function shortTime(at: number): string {
  return format({ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }, at)
}

/** With seconds, for what is measured in them: 14:07:09, and the day where it is not today's. */
export function exactTime(at: number, now: number): string {
  return format(dayKey(at) === dayKey(now) ? { timeStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'medium' }, at)
}

/** For tooltips and screen readers: date and time in full. */
export function fullTime(at: number): string {
  return format({ dateStyle: 'full', timeStyle: 'short' }, at)
}

/** The same in every language, for what leaves the extension: 2026-11-21 14:07. */
export function plainTime(at: number): string {
  const date = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** The local day a time falls on, as a key: 2026-11-21. */
export function dayKey(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}

/** What is left, for countdowns: `8 s` below a minute and a half, else `4 min`. Never below zero. */
export function secondsLeft(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1000))
}

/** 214 KB, 3.1 MB */
export function fileSize(bytes: number): string {
  const unit = bytes < 1000 ? 'byte' : bytes < 1_000_000 ? 'kilobyte' : 'megabyte'
  const value = bytes / { byte: 1, kilobyte: 1000, megabyte: 1_000_000 }[unit]
  const digits = unit === 'megabyte' ? 1 : 0
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(
    value,
  )
}

function daysBetween(at: number, now: number): number {
  return Math.round((midnight(now) - midnight(at)) / DAY_MS)
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}

function sameYear(at: number, now: number): boolean {
  return new Date(at).getFullYear() === new Date(now).getFullYear()
}

function format(options: Intl.DateTimeFormatOptions, at: number): string {
  return new Intl.DateTimeFormat(undefined, options).format(at)
}

function capital(text: string): string {
  const [first = '', ...rest] = text
  return first.toLocaleUpperCase() + rest.join('')
}
