import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { MaintenanceStore } from '../store/port.ts'

/** How often old rows are looked for and stored ones are checked. The first time soon after the start. */
const FIRST_ROUND_MS = 60_000
const ROUND_EVERY_MS = 10 * 60_000
/** Between two slices, so that requests come first. */
const BETWEEN_SLICES_MS = 20
/** Slices of checking per round: about ten thousand rows, so that a large store is gone over once a day. */
const SCRUB_SLICES = 50

/** Messages that expired before any client had acknowledged them, by session, since the start. relay:CUR10, ADM6 */
export type UnackedDropped = ReadonlyMap<string, number>

const DAY_MS = 24 * 60 * 60_000

/** Expiry and checking of stored rows, in small slices off the hot path. `close` waits for the slice under way. relay:CUR7, STO1, STO4 */
export function startMaintenance({
  store,
  clock,
  log,
  retentionDays,
  retentionMessages,
}: {
  store: MaintenanceStore
  clock: Clock
  log: Pick<Log, 'warn' | 'error'>
  retentionDays: number
  retentionMessages: number
}): { unackedDropped: UnackedDropped; close(): Promise<void> } {
  const dropped = new Map<string, number>()
  let closed = false
  let cancel = clock.after(FIRST_ROUND_MS, begin)
  let wakePause: (() => void) | undefined
  let round: Promise<void> = Promise.resolve()

  function begin(): void {
    round = work()
      .catch((error) => log.error({ err: error }, 'maintenance failed; it is tried again later'))
      .then(() => {
        if (!closed) cancel = clock.after(ROUND_EVERY_MS, begin)
      })
  }

  async function work(): Promise<void> {
    for (let more = true; more && !closed; ) {
      const slice = await store.expire({ now: clock.now(), keptMs: retentionDays * DAY_MS, keptMessages: retentionMessages })
      for (const { userId, count } of slice.unackedDropped) {
        dropped.set(userId, (dropped.get(userId) ?? 0) + count)
        log.warn({ userId, count }, 'messages expired before any client acknowledged them')
      }
      more = slice.more
      if (more) await pause()
    }
    for (let slices = 0; slices < SCRUB_SLICES && !closed; slices++) {
      const { done } = await store.scrub()
      if (done) return
      await pause()
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const stop = clock.after(BETWEEN_SLICES_MS, resolve)
      wakePause = () => {
        stop()
        resolve()
      }
    })
  }

  return {
    unackedDropped: dropped,
    async close() {
      closed = true
      cancel()
      wakePause?.()
      await round
    },
  }
}
