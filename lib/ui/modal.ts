import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * A dialog that stands over the page while it is rendered. When it goes, the focus returns to where it was, unless what was chosen in it put
 * it elsewhere. Give all of it to the element: Escape closes it.
 */
export function useModal(close: () => void): {
  ref: RefObject<HTMLDialogElement | null>
  onCancel: (event: Event) => void
  onClose: () => void
} {
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
  return {
    ref,
    // Not by the browser itself, which hides it before the page knows that it is closed: a key pressed in between meant a closed one.
    onCancel(event) {
      if (event.target !== ref.current) return
      event.preventDefault()
      close()
    },
    // The event of a dialog that has gone already comes late: by then another one may be there.
    onClose: () => ref.current && close(),
  }
}
