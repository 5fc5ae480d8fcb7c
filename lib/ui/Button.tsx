import type { ComponentChildren, Ref } from 'preact'

type Props = {
  children: ComponentChildren
  kind?: 'plain' | 'primary' | 'quiet' | 'danger'
  small?: boolean
  type?: 'button' | 'submit'
  disabled?: boolean
  onClick?: (event: MouseEvent) => void
  class?: string
  describedBy?: string
  ref?: Ref<HTMLButtonElement>
}

/** A verb and a noun. Never two primary ones side by side. */
export function Button({
  children,
  kind = 'plain',
  small,
  type = 'button',
  disabled,
  onClick,
  class: extra,
  describedBy,
  ref,
}: Props) {
  const classes = ['btn', kind !== 'plain' && `btn-${kind}`, small && 'btn-sm', extra]
  return (
    <button
      ref={ref ?? null}
      type={type}
      class={classes.filter(Boolean).join(' ')}
      disabled={disabled ?? false}
      aria-describedby={describedBy}
      onClick={onClick}
    >
      {children}
    </button>
  )
}
