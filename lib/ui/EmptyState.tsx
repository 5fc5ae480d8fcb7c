import type { LucideIcon } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { Icon } from './Icon.tsx'

/** Nothing here, and what leads on: there is always something. client:UIX3, ONB2 */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon
  title: string
  children?: ComponentChildren
  action: ComponentChildren
}) {
  return (
    <div class="blank">
      <span class="blank-icon">
        <Icon of={icon} size="lg" />
      </span>
      <h2>{title}</h2>
      {children && <p class="small muted">{children}</p>}
      {action}
    </div>
  )
}
