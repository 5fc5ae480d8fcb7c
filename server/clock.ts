/** Time as a parameter: tests move it by hand. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number
  /** Runs once after `ms`; the result cancels. Pending timers never keep the process alive. */
  after(ms: number, run: () => void): () => void
}

/** Node runs a timer beyond this at once instead of later; whoever waits longer is woken early and waits again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    after(ms, run) {
      const timer = setTimeout(run, Math.min(ms, LONGEST_TIMER_MS))
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}
