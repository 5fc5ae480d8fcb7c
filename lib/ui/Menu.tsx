import type { LucideIcon } from 'lucide-preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { IconButton } from './IconButton.tsx'

export type MenuItem = { label: string; act: () => void; danger?: boolean }

/** A button that opens a short list of actions. Arrows move, Escape and a press elsewhere close it, and the focus comes back. */
export function Menu({ icon, label, items }: { icon: LucideIcon; label: string; items: readonly MenuItem[] }) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }
  useLayoutEffect(() => {
    if (!open) return
    list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const press = (event: PointerEvent): void => {
      if (event.target instanceof Node && !list.current?.contains(event.target) && !button.current?.contains(event.target))
        setOpen(false)
    }
    addEventListener('pointerdown', press)
    return () => removeEventListener('pointerdown', press)
  }, [open])

  const move = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault()
      close()
      return
    }
    const all = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    all.at(to % all.length)?.focus()
  }
  return (
    <span class="menu-anchor">
      <IconButton ref={button} icon={icon} label={label} popup="menu" expanded={open} onClick={() => setOpen(!open)} />
      {open && (
        <div class="menu" role="menu" aria-label={label} ref={list} onKeyDown={move}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={item.danger ? 'menu-item is-danger' : 'menu-item'}
              onClick={() => {
                close()
                item.act()
              }}
            >
              {item.label}
            </button>
          ))}
        </div>
      )}
    </span>
  )
}
