const DAY_MS = 86_400_000

/**
 * Writes every <time> below `root` in the reader's language and time zone: 14:07 today, otherwise with its date.
 * @param {ParentNode} root
 * @param {number} now epoch ms
 */
export function localTimes(root, now = Date.now()) {
  for (const time of root.querySelectorAll('time')) {
    const at = new Date(time.dateTime)
    if (Number.isNaN(at.getTime())) continue
    time.textContent = shown(at, new Date(now))
    time.title = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' }).format(at)
  }
}

/**
 * @param {Date} at
 * @param {Date} now
 */
function shown(at, now) {
  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(at)
  if (at.toDateString() === now.toDateString()) return clock
  const sameYear = Math.abs(now.getTime() - at.getTime()) < 300 * DAY_MS
  const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', ...(!sameYear && { year: 'numeric' }) }).format(
    at,
  )
  return `${date}, ${clock}`
}
