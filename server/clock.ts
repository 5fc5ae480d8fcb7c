/** Time as a parameter: tests move it by hand. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number
  /** Runs once after `ms`; the result cancels. Pending timers never keep the process alive. */
  after(ms: number, run: () => void): () => void
}

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms)
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}
