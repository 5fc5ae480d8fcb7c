/** 1, 2, 4 … 300 s. relay:REP8 */
const FIRST_MS = 1_000
const LONGEST_MS = 300_000
/** So that what failed together does not come back together. */
const JITTER = 0.2

/** How long a reply is tried. relay:REP8 */
export const TRIED_FOR_MS = 24 * 60 * 60_000

/** Milliseconds until the next attempt after `attempts` failed ones (>= 1). `random` gives 0 to 1. relay:REP8 */
export function retryDelay(attempts: number, random: () => number): number {
  const plain = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20))
  return Math.round(plain * (1 - JITTER + 2 * JITTER * random()))
}

/**
 * When to try again after a failure at `now`; `undefined` when the 24 hours are over. The platform's own wait is kept to; without one the last
 * attempt is made when the time is up. relay:REP8
 */
export function nextAttempt(
  reply: { createdAt: number },
  failure: { attempts: number; retryAfterMs: number | undefined; now: number },
  random: () => number,
): number | undefined {
  const { attempts, retryAfterMs, now } = failure
  const deadline = reply.createdAt + TRIED_FOR_MS
  if (now >= deadline) return undefined
  if (retryAfterMs === undefined) return Math.min(deadline, now + retryDelay(attempts, random))
  const wanted = now + Math.max(FIRST_MS, retryAfterMs)
  return wanted <= deadline ? wanted : undefined
}
