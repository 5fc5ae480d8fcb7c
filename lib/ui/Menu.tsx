import { Check, type LucideIcon } from 'lucide-preact'
import { Icon } from './Icon.tsx'
import { IconButton } from './IconButton.tsx'
import { useMenu } from './menuParts.ts'

export type MenuItem = {
  label: string
  act: () => void
  danger?: boolean
  /** Whether it is on: one of those beside it that exclude each other, or, with `several`, for itself. */
  chosen?: boolean
  several?: boolean
  /** Shown behind it: a key, or what it writes. */
  hint?: string
}

/** A button that opens a short list of actions. */
export function Menu({
  icon,
  label,
  items,
  marked,
}: {
  icon: LucideIcon
  label: string
  items: readonly MenuItem[]
  marked?: boolean
}) {
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
      {menu.open && (
        <div class="menu" role="menu" aria-label={label} ref={menu.list} onKeyDown={menu.onKeyDown}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              {...roleOf(item)}
              tabIndex={-1}
              class={item.danger ? 'menu-item is-danger' : 'menu-item'}
              onClick={() => {
                menu.close()
                item.act()
              }}
            >
              {item.label}
              {item.hint !== undefined && <span class="menu-hint">{item.hint}</span>}
              {item.chosen && <Icon of={Check} class="menu-check" />}
            </button>
          ))}
        </div>
      )}
    </span>
  )
}

function roleOf({ chosen, several }: MenuItem) {
  if (chosen === undefined) return { role: 'menuitem' as const }
  return { role: several ? ('menuitemcheckbox' as const) : ('menuitemradio' as const), 'aria-checked': chosen }
}
