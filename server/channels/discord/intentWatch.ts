import type { Clock } from '../../clock.ts'

/** How often to ask whether somebody has switched the intent on, ms. */
const CHECK_EVERY_MS = 60_000

/** Calls `on` once `mayRead` says yes; until then asks now and then. The result stops asking. relay:DC4 */
export function watchIntent({ clock, mayRead, on }: { clock: Clock; mayRead: () => Promise<boolean>; on: () => void }): () => void {
  let stopped = false
  let cancel = clock.after(CHECK_EVERY_MS, () => void check())

  async function check(): Promise<void> {
    const may = await mayRead()
    if (stopped) return
    if (may) on()
    else cancel = clock.after(CHECK_EVERY_MS, () => void check())
  }

  return () => {
    stopped = true
    cancel()
  }
}
