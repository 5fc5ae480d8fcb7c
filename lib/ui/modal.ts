import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * A dialog that stands over the page while it is rendered. When it goes, the focus returns to where it was, unless what was chosen in it put
 * it elsewhere. Give `onClose` to the element: Escape closes it.
 */
export function useModal(close: () => void): { ref: RefObject<HTMLDialogElement | null>; onClose: () => void } {
  const ref = useRef<HTMLDialogElement>(null)
  // Before the page is painted, so that no key pressed into what can be seen is lost.
  useLayoutEffect(() => {
    const element = ref.current
    const before = document.activeElement
    element?.showModal()
    return () => {
      element?.close()
      const left = document.activeElement
      if (before instanceof HTMLElement && before.isConnected && (!left || left === document.body || element?.contains(left)))
        before.focus({ preventScroll: true })
    }
  }, [])
  // The event of a dialog that has gone already comes late: by then another one may be there.
  return { ref, onClose: () => ref.current && close() }
}
