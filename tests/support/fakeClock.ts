import type { Clock } from '../../server/clock.ts'

export type FakeClock = ReturnType<typeof createFakeClock>

/** A clock moved by hand: `advance` runs every timer that falls due, in order, letting promises settle between them. */
export function createFakeClock(start = Date.parse('2026-03-01T12:00:00.000Z')) {
  let now = start
  let nextId = 1
  const timers = new Map<number, { at: number; run: () => void }>()
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  const clock: Clock = {
    now: () => now,
    after(ms, run) {
      const id = nextId++
      timers.set(id, { at: now + ms, run })
      return () => {
        timers.delete(id)
      }
    },
  }
  return {
    ...clock,
    async advance(ms: number): Promise<void> {
      const end = now + ms
      await settle()
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0]
        if (!due) break
        timers.delete(due[0])
        now = Math.max(now, due[1].at)
        due[1].run()
        await settle()
      }
      now = end
      await settle()
    },
    /** Timers still waiting, for leak checks. */
    waiting: () => timers.size,
  }
}
