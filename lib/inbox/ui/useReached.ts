import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { AT_END, type Spot } from './useThread.ts'

/** How long an item that was asked for stays marked. Milliseconds. */
const MARK_MS = 4_000

/** Marks the item the reader came for, for a moment, and gives it the keyboard. client:INB3, UIX1 */
export function useReached(scroller: { current: HTMLElement | null }, spot: Spot | undefined, takesFocus: boolean) {
  const [marked, setMarked] = useState<Spot>()
  const waiting = useRef<Spot>(undefined)
  const holding = useRef(false)

  useEffect(() => {
    if (spot === undefined || spot === AT_END) return
    waiting.current = takesFocus ? spot : undefined
    setMarked(spot)
    const timer = setTimeout(() => setMarked(undefined), MARK_MS)
    return () => clearTimeout(timer)
  }, [spot])

  // Its row is rendered only once the view has come near.
  useLayoutEffect(() => {
    const row = scroller.current?.querySelector<HTMLElement>('[data-spot]')
    if (row && waiting.current === spot && spot !== undefined) {
      waiting.current = undefined
      holding.current = true
      row.focus({ preventScroll: true })
    }
    // Scrolled out of the page it would take the keyboard with it.
    if (holding.current && document.activeElement === document.body) scroller.current?.focus({ preventScroll: true })
    if (holding.current && document.activeElement !== row) holding.current = false
  })

  return { marked }
}
