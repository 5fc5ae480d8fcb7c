import { Eye, EyeOff } from 'lucide-preact'
import { useEffect, useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { IconButton } from '../../ui/IconButton.tsx'

type Props = {
  label: string
  value: string
  onInput: (text: string) => void
  isNew: boolean
  help?: string
}

/** A passphrase: hidden unless its owner looks at it, never offered to be filled in or corrected. */
export function PassphraseField({ label, value, onInput, isNew, help }: Props) {
  const id = useId()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    // What is typed next is another secret.
    if (value === '') setShown(false)
  }, [value === ''])
  return (
    <div class="stack passphrase">
      <label class="label" for={id}>
        {label}
      </label>
      <div class="field">
        <input
          id={id}
          // One element for both, so that the caret stays; the types of JSX know only one kind each.
          type={(shown ? 'text' : 'password') as 'password'}
          dir="ltr"
          value={value}
          spellcheck={false}
          autocapitalize="off"
          autocomplete={isNew ? 'new-password' : 'off'}
          aria-describedby={help ? `${id}-help` : undefined}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        {value !== '' && (
          <IconButton
            icon={shown ? EyeOff : Eye}
            size="md"
            class="field-end"
            label={i18n.t(shown ? 'identity.hideTyped' : 'identity.showTyped')}
            onClick={() => setShown(!shown)}
          />
        )}
      </div>
      {help && (
        <p class="hint" id={`${id}-help`} aria-live="polite">
          {help}
        </p>
      )}
    </div>
  )
}
