/** Seconds between attempts to reach a platform again: soon at first, then at most a minute. */
const WAITS_SECONDS = [1, 2, 4, 8, 15, 30, 60]
/** Conflicts are somebody else's to solve, and each attempt disturbs them. relay:TG6 */
const CONFLICT_WAITS_SECONDS = [5, 10, 20, 40, 60]

export type Backoff = ReturnType<typeof backoff>

/** How long to wait before the next attempt, in milliseconds, growing with each until something worked. */
export function backoff() {
  let attempts = 0
  const next = (seconds: readonly number[]) => {
    const wait = seconds[Math.min(attempts, seconds.length - 1)] ?? 60
    attempts += 1
    return wait * 1000
  }
  return {
    next: () => next(WAITS_SECONDS),
    nextAfterConflict: () => next(CONFLICT_WAITS_SECONDS),
    reset() {
      attempts = 0
    },
  }
}
