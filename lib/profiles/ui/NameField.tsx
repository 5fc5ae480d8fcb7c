import { useId } from 'preact/hooks'
import { i18n } from '#i18n'
import { useFocusHere } from '../../ui/focus.ts'
import { isUnnamed, NAME_CHARACTERS, profileName } from '../names.ts'

type Props = { label: string; value: string; onInput: (text: string) => void; focus?: boolean; taken?: readonly string[] }

/** A profile's name, with what becomes of it while it is typed. client:PRF1 */
export function NameField({ label, value, onInput, focus = false, taken = [] }: Props) {
  const id = useId()
  const field = useFocusHere<HTMLInputElement>(focus)
  const name = profileName(value)
  const isTaken = value.trim() !== '' && taken.includes(name)
  const title = isUnnamed(name) ? i18n.t('app.home') : name
  const differs = value.trim() !== '' && name !== value
  return (
    <div class="stack passphrase">
      <label class="label" for={id}>
        {label}
      </label>
      <div class="field">
        <input
          id={id}
          ref={field}
          value={value}
          maxLength={NAME_CHARACTERS}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          aria-describedby={`${id}-help`}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      </div>
      <p class="hint" id={`${id}-help`} aria-live="polite">
        {isTaken
          ? i18n.t('profiles.taken', { name: title })
          : differs
            ? i18n.t('profiles.becomes', { name: title })
            : i18n.t('profiles.nameHelp')}
      </p>
    </div>
  )
}
