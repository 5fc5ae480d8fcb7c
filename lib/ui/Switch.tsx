import type { ComponentChildren } from 'preact'

type Props = {
  on: boolean
  onChange: (on: boolean) => void
  children: ComponentChildren
  /** The words are for screen readers only. */
  silent?: boolean
  disabled?: boolean
  describedBy?: string
}

/** On or off, at once. */
export function Switch({ on, onChange, children, silent, disabled, describedBy }: Props) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked={on}
        disabled={disabled ?? false}
        aria-describedby={describedBy}
        onChange={(event) => {
          const wanted = event.currentTarget.checked
          // The page decides what is on: until it agrees, the drawing stays as it is.
          event.currentTarget.checked = on
          onChange(wanted)
        }}
      />
      <span class={silent ? 'sr' : ''}>{children}</span>
    </label>
  )
}
