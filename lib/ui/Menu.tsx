import { Check, ChevronRight, type LucideIcon } from 'lucide-preact'
import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'
import { Icon } from './Icon.tsx'
import { IconButton } from './IconButton.tsx'
import { useMenu } from './menuParts.ts'

export type MenuItem = {
  label: string
  danger?: boolean
  /** Whether it is on: one of those beside it that exclude each other, or, with `several`, for itself. */
  chosen?: boolean
  several?: boolean
  /** Shown behind it: a key, a time, or what it writes. */
  hint?: string
} & ({ act: () => void } | { items: readonly MenuItem[] })

type Props = { icon: LucideIcon; label: string; items: readonly MenuItem[]; marked?: boolean }

/** A button that opens a short list of actions. */
export function Menu({ icon, label, items, marked }: Props) {
  const menu = useMenu()
  return (
    <span class="menu-anchor">
      <IconButton
        ref={menu.button}
        icon={icon}
        label={label}
        popup="menu"
        expanded={menu.open}
        onClick={menu.toggle}
        class={marked ? 'is-marked' : ''}
      />
      {menu.open && <MenuList label={label} items={items} close={menu.close} list={menu.list} onKeyDown={menu.onKeyDown} />}
    </span>
  )
}

type ListProps = {
  label: string
  items: readonly MenuItem[]
  /** The item whose own items show first, by its place. */
  begin?: number | undefined
  close: () => void
  list: RefObject<HTMLDivElement | null>
  onKeyDown: (event: KeyboardEvent) => void
}

/** The actions themselves. One that has items of its own shows them in its place; Escape leads back. */
export function MenuList({ label, items, begin, close, list, onKeyDown }: ListProps) {
  const [inside, setInside] = useState(begin)
  const outer = inside === undefined ? undefined : items[inside]
  const shown = outer && 'items' in outer ? outer.items : items
  useLayoutEffect(() => {
    list.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus()
  }, [inside])
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || inside === undefined || begin !== undefined) {
      onKeyDown(event)
      return
    }
    event.preventDefault()
    event.stopPropagation()
    setInside(undefined)
  }
  return (
    <div class="menu" role="menu" aria-label={outer?.label ?? label} ref={list} onKeyDown={press}>
      {outer && (
        <p class="menu-head" role="presentation">
          {outer.label}
        </p>
      )}
      {shown.map((item, place) => (
        <button
          key={item.label}
          type="button"
          {...roleOf(item)}
          aria-haspopup={'items' in item ? 'menu' : undefined}
          tabIndex={-1}
          class={item.danger ? 'menu-item is-danger' : 'menu-item'}
          onClick={() => {
            if ('items' in item) return setInside(place)
            close()
            item.act()
          }}
        >
          {item.label}
          {item.hint !== undefined && <span class="menu-hint">{item.hint}</span>}
          {item.chosen && <Icon of={Check} class="menu-check" />}
          {'items' in item && <Icon of={ChevronRight} flip class="menu-deeper" />}
        </button>
      ))}
    </div>
  )
}

function roleOf({ chosen, several }: MenuItem) {
  if (chosen === undefined) return { role: 'menuitem' as const }
  return { role: several ? ('menuitemcheckbox' as const) : ('menuitemradio' as const), 'aria-checked': chosen }
}
