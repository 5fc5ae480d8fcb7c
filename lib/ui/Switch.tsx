import type { ComponentChildren } from 'preact'

type Props = {
  on: boolean
  onChange: (on: boolean) => void
  /** Its name; without one, a label elsewhere points to `id`. */
  children?: ComponentChildren
  id?: string
  /** The words are for screen readers only. */
  silent?: boolean
  disabled?: boolean
  describedBy?: string
}

/** On or off, at once. */
export function Switch({ on, onChange, children, id, silent, disabled, describedBy }: Props) {
  return (
    <label class="switch">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={on}
        aria-checked={on}
        disabled={disabled ?? false}
        aria-describedby={describedBy}
        onChange={(event) => {
          const wanted = event.currentTarget.checked
          // The page decides what is on: until it agrees, the drawing stays as it is.
          event.currentTarget.checked = on
          onChange(wanted)
        }}
      />
      {children && <span class={silent ? 'sr' : ''}>{children}</span>}
    </label>
  )
}
