import { useId } from 'preact/hooks'

type Props = {
  label: string
  value: string
  onInput: (text: string) => void
  isNew: boolean
  help?: string
}

/** A passphrase: hidden, never offered to be filled in or corrected. */
export function PassphraseField({ label, value, onInput, isNew, help }: Props) {
  const id = useId()
  return (
    <div class="stack passphrase">
      <label class="label" for={id}>
        {label}
      </label>
      <div class="field">
        <input
          id={id}
          type="password"
          dir="ltr"
          value={value}
          spellcheck={false}
          autocapitalize="off"
          autocomplete={isNew ? 'new-password' : 'off'}
          aria-describedby={help ? `${id}-help` : undefined}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      </div>
      {help && (
        <p class="hint" id={`${id}-help`} aria-live="polite">
          {help}
        </p>
      )}
    </div>
  )
}
