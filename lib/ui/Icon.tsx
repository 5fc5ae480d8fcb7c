import type { LucideIcon } from 'lucide-preact'

type Props = {
  of: LucideIcon
  size?: 'sm' | 'md' | 'lg'
  /** Mirrored in right-to-left pages: for arrows and panels, never for ticks and marks. */
  flip?: boolean
  spin?: boolean
  class?: string
}

/** A drawing beside a word. It says nothing by itself: the control or the text next to it carries the name. */
export function Icon({ of: Glyph, size = 'md', flip, spin, class: extra }: Props) {
  const classes = ['i', size !== 'md' && `i-${size}`, flip && 'flip', spin && 'spin', extra]
  return <Glyph class={classes.filter(Boolean).join(' ')} aria-hidden="true" focusable="false" />
}
