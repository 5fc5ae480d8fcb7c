import type { LucideIcon } from 'lucide-preact'
import { IconButton } from './IconButton.tsx'
import { useMenu } from './menuParts.ts'

export type MenuItem = { label: string; act: () => void; danger?: boolean }

/** A button that opens a short list of actions. */
export function Menu({ icon, label, items }: { icon: LucideIcon; label: string; items: readonly MenuItem[] }) {
  const menu = useMenu()
  return (
    <span class="menu-anchor">
      <IconButton ref={menu.button} icon={icon} label={label} popup="menu" expanded={menu.open} onClick={menu.toggle} />
      {menu.open && (
        <div class="menu" role="menu" aria-label={label} ref={menu.list} onKeyDown={menu.onKeyDown}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={item.danger ? 'menu-item is-danger' : 'menu-item'}
              onClick={() => {
                menu.close()
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
