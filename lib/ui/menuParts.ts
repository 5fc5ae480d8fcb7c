import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

const ITEMS = '[role^=menuitem]'

export type MenuParts = {
  open: boolean
  toggle: () => void
  /** Closes it, and the focus goes back to the button. */
  close: () => void
  button: RefObject<HTMLButtonElement | null>
  list: RefObject<HTMLDivElement | null>
  onKeyDown: (event: KeyboardEvent) => void
}

/** What every menu does: arrows move, Escape and a press elsewhere close it, and the focus comes back. Items are found by their role. */
export function useMenu(): MenuParts {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }
  // With the menu's first frame, not after it: no key may come too early.
  useLayoutEffect(() => {
    if (!open) return
    const first = list.current?.querySelector<HTMLElement>('[aria-checked=true]') ?? list.current?.querySelector<HTMLElement>(ITEMS)
    first?.focus({ preventScroll: true })
    openWhereThereIsRoom(list.current)
    const press = (event: PointerEvent): void => {
      if (event.target instanceof Node && !list.current?.contains(event.target) && !button.current?.contains(event.target))
        setOpen(false)
    }
    addEventListener('pointerdown', press)
    return () => removeEventListener('pointerdown', press)
  }, [open])

  return { open, toggle: () => setOpen(!open), close, button, list, onKeyDown: menuKeys(list, close) }
}

/** Arrows move, Escape and Tab leave. */
export function menuKeys(list: RefObject<HTMLElement | null>, close: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault()
      close()
      return
    }
    const all = [...(list.current?.querySelectorAll<HTMLElement>(ITEMS) ?? [])]
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    all.at(to % all.length)?.focus()
  }
}

/** Above its button where it would leave the window or the list it stands in. */
function openWhereThereIsRoom(list: HTMLElement | null): void {
  const bounds = list?.closest('.scroll')?.getBoundingClientRect()
  if (list && list.getBoundingClientRect().bottom > Math.min(innerHeight, bounds?.bottom ?? innerHeight))
    list.classList.add('menu-up')
}
