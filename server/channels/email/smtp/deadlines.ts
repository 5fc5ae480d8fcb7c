import type { Clock } from '../../../clock.ts'

/** How long a connection may take from one step (greeting, sender, recipient, text) to the next, whatever it says meanwhile. */
export const STEP_WITHIN_MS = 2 * 60_000
/** How long the text may take: 25 MiB at 44 kB a second. */
export const TEXT_WITHIN_MS = 10 * 60_000

export type Deadlines = ReturnType<typeof createDeadlines>

/** One deadline for each connection. Silence is noticed by the socket; this is for those who drip. relay:EML8 */
export function createDeadlines({ clock, missed }: { clock: Pick<Clock, 'after'>; missed: (connection: string) => void }) {
  const running = new Map<string, () => void>()

  function stop(connection: string): void {
    running.get(connection)?.()
    running.delete(connection)
  }

  return {
    set(connection: string, ms: number): void {
      stop(connection)
      running.set(
        connection,
        clock.after(ms, () => {
          running.delete(connection)
          missed(connection)
        }),
      )
    },
    stop,
  }
}
