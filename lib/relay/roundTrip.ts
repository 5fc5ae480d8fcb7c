import { Failure } from '../messaging/failure.ts'
import type { Timers } from '../platform/timers.ts'
import { PONG_WITHIN_MS } from './socketMachine.ts'

/** How long the relay takes to answer on the open socket. client:DOC1 */
export function createRoundTrip(timers: Timers) {
  const waiting = new Set<() => void>()
  return {
    /** A pong came. */
    answered(): void {
      for (const arrived of waiting) arrived()
    },
    /** In ms; `ping` is false without a socket. Throws Failure `not_connected` or `silent`. */
    async measure(ping: () => boolean): Promise<number> {
      const before = timers.now()
      if (!ping()) throw new Failure('not_connected', 'There is no open connection to the relay.')
      await new Promise<void>((resolve, reject) => {
        const cancel = timers.after(PONG_WITHIN_MS, () => {
          waiting.delete(arrived)
          reject(new Failure('silent', 'The relay fell silent.'))
        })
        const arrived = (): void => {
          cancel()
          waiting.delete(arrived)
          resolve()
        }
        waiting.add(arrived)
      })
      return timers.now() - before
    },
  }
}
