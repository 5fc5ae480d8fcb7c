import type { Timers } from '../platform/timers.ts'

/** client:CDD8 */
export const ACK_EVERY_MS = 250
export const ACK_EVERY_MESSAGES = 50

/** Tells the relay how far everything is stored: at once when it is quiet, else at most every 250 ms or 50 messages. client:CDD8 */
export function createAcks({ timers, send }: { timers: Timers; send: (seq: number) => boolean }) {
  let reached = 0
  let told = 0
  let quietSince = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | undefined

  function tell(): void {
    cancel?.()
    cancel = undefined
    if (reached <= told || !send(reached)) return
    told = reached
    quietSince = timers.now()
  }

  return {
    note(seq: number): void {
      if (seq <= reached) return
      reached = seq
      const wait = quietSince + ACK_EVERY_MS - timers.now()
      if (wait <= 0 || reached - told >= ACK_EVERY_MESSAGES) tell()
      else cancel ??= timers.after(wait, tell)
    },
    /** A new socket: its cursor is all the relay knows. */
    restart(seq: number): void {
      cancel?.()
      cancel = undefined
      reached = seq
      told = 0
      tell()
    },
    close(): void {
      cancel?.()
    },
  }
}
