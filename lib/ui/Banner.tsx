import type { LucideIcon } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { Icon } from './Icon.tsx'

type Props = {
  kind: 'plain' | 'ok' | 'warn' | 'fail'
  icon: LucideIcon
  children: ComponentChildren
  /** The fix, next to the problem. */
  actions?: ComponentChildren
  /** Full width under a header, without corners. */
  strip?: boolean
}

/** One block per cause: what is the matter, and the button that helps. Failures interrupt a screen reader, the rest waits its turn. */
export function Banner({ kind, icon, children, actions, strip }: Props) {
  return (
    <div class={`banner banner-${kind}${strip ? ' strip strip-tall' : ''}`} role={kind === 'fail' ? 'alert' : 'status'}>
      <Icon of={icon} />
      <div class="grow">
        {children}
        {actions && <div class="actions">{actions}</div>}
      </div>
    </div>
  )
}
