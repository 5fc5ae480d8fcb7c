import { useEffect, useRef } from 'preact/hooks'

/** How often the relay is asked while someone is expected to send a code or press Confirm, and for how long, in milliseconds. client:WIZ6 */
const EVERY_MS = 5_000
const FOR_MS = 15 * 60_000

/** Asks again and again while something is awaited, besides the news that come by the socket. */
export function useRefreshWhileWaiting(waiting: boolean, refresh: () => Promise<void>): void {
  const latest = useRef(refresh)
  latest.current = refresh
  useEffect(() => {
    if (!waiting) return
    const end = Date.now() + FOR_MS
    let asking = false
    const timer = setInterval(() => {
      if (Date.now() > end) clearInterval(timer)
      if (asking || document.hidden) return
      asking = true
      // A relay that cannot be asked shows in the connection's own state.
      void latest.current().then(
        () => {
          asking = false
        },
        () => {
          asking = false
        },
      )
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [waiting])
}
