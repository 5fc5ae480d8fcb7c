import type { LucideIcon } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { Icon } from './Icon.tsx'

/** A state as icon and word; the colour comes last. */
export function Tag({
  kind = 'plain',
  icon,
  children,
}: {
  kind?: 'plain' | 'ok' | 'warn' | 'fail' | 'accent'
  icon?: LucideIcon
  children: ComponentChildren
}) {
  return (
    <span class={kind === 'plain' ? 'tag' : `tag tag-${kind}`}>
      {icon && <Icon of={icon} />}
      {children}
    </span>
  )
}
