import type { LucideIcon } from 'lucide-preact'
import type { ComponentChildren, Ref } from 'preact'
import { Icon } from './Icon.tsx'

type Props = {
  icon: LucideIcon
  /** What it does: its name for everyone who does not see the drawing, and its tooltip. */
  label: string
  onClick?: (event: MouseEvent) => void
  href?: string
  size?: 'sm' | 'md' | 'lg'
  flip?: boolean
  type?: 'button' | 'submit'
  disabled?: boolean
  class?: string
  expanded?: boolean
  popup?: 'menu' | 'dialog'
  /** A count in the corner. */
  children?: ComponentChildren
  ref?: Ref<HTMLButtonElement>
}

/** A control that shows only a drawing; it always has a name. With `href` it is a link. */
export function IconButton({ icon, label, href, size = 'lg', flip, children, class: extra, ...rest }: Props) {
  const classes = extra ? `icon-btn ${extra}` : 'icon-btn'
  const drawing = <Icon of={icon} size={size} flip={flip ?? false} />
  if (href !== undefined)
    return (
      <a class={classes} href={href} aria-label={label} title={label} onClick={rest.onClick}>
        {drawing}
        {children}
      </a>
    )
  return (
    <button
      ref={rest.ref ?? null}
      type={rest.type ?? 'button'}
      class={classes}
      aria-label={label}
      title={label}
      disabled={rest.disabled ?? false}
      aria-expanded={rest.expanded}
      aria-haspopup={rest.popup}
      onClick={rest.onClick}
    >
      {drawing}
      {children}
    </button>
  )
}
