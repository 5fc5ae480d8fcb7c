import type { Clock } from '../clock.ts'

/** Requests that are held until something happens to what they ask about. relay:APV2 */
export function createWaits(clock: Pick<Clock, 'after'>) {
  const waiting = new Map<string, Set<() => void>>()
  let closed = false

  return {
    /** Resolves when `key` is told, after `ms`, on `close`, or by `end`. Begin it before looking, so that nothing in between is missed. */
    begin(key: string, ms: number): { ended: Promise<void>; end(): void } {
      const { promise, resolve } = Promise.withResolvers<void>()
      const others = waiting.get(key) ?? new Set()
      const cancel = clock.after(ms, end)
      waiting.set(key, others.add(end))
      function end(): void {
        cancel()
        others.delete(end)
        if (others.size === 0) waiting.delete(key)
        resolve()
      }
      if (closed) end()
      return { ended: promise, end }
    },
    tell(key: string): void {
      for (const end of [...(waiting.get(key) ?? [])]) end()
    },
    /** Ends all, and those that begin later: a stopping relay holds nobody. relay:GEN8 */
    close(): void {
      closed = true
      for (const ends of [...waiting.values()]) for (const end of [...ends]) end()
    },
  }
}
