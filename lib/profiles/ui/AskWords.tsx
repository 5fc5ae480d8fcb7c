import { CircleAlert } from 'lucide-preact'
import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { useFocusHere } from '../../ui/focus.ts'
import { Icon } from '../../ui/Icon.tsx'
import { askedPlaces } from '../askedPlaces.ts'

type Props = { words: readonly string[]; label: string; confirmed: () => Promise<void>; back: () => void }

/** Three of the words, so that they were written down. client:PHR3 */
export function AskWords({ words, label, confirmed, back }: Props) {
  const id = useId()
  const first = useFocusHere<HTMLInputElement>()
  const [places] = useState(() => askedPlaces(words.length))
  const [typed, setTyped] = useState<Record<number, string>>({})
  const [wrong, setWrong] = useState<number[]>([])
  const run = useAction(confirmed)
  const read = (place: number): string => (typed[place] ?? '').trim().toLowerCase()
  const check = (): void => {
    const differing = places.filter((place) => read(place) !== words[place - 1])
    setWrong(differing)
    if (differing.length === 0) void run.run()
  }
  return (
    <form
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        check()
      }}
    >
      <h2 id="phrase-title">{i18n.t('phrase.askTitle')}</h2>
      <div class="stack dialog-text">
        <p>{i18n.t('phrase.askText')}</p>
      </div>
      <div class="stack asked">
        {places.map((place, index) => (
          <div key={place} class="stack passphrase">
            <label class="label" for={`${id}-${place}`}>
              {i18n.t('phrase.word', { place })}
            </label>
            <div class={wrong.includes(place) ? 'field err' : 'field'}>
              <input
                id={`${id}-${place}`}
                ref={index === 0 ? first : null}
                class="mono"
                dir="ltr"
                value={typed[place] ?? ''}
                spellcheck={false}
                autocapitalize="off"
                autocomplete="off"
                aria-invalid={wrong.includes(place) ? true : undefined}
                onInput={(event) => {
                  const text = event.currentTarget.value
                  setTyped((before) => ({ ...before, [place]: text }))
                  setWrong((before) => before.filter((other) => other !== place))
                }}
              />
            </div>
          </div>
        ))}
      </div>
      {wrong.length > 0 && (
        <p class="hint hint-fail" role="alert">
          <Icon of={CircleAlert} />
          <span>{i18n.t('phrase.askWrong', { places: wrong.join(', ') })}</span>
        </p>
      )}
      <FailureNote failure={run.failure} />
      <div class="dialog-actions">
        <Button onClick={back} disabled={run.busy}>
          {i18n.t('phrase.back')}
        </Button>
        <Button kind="primary" type="submit" disabled={run.busy || places.some((place) => read(place) === '')}>
          {run.busy ? i18n.t('identity.working') : label}
        </Button>
      </div>
    </form>
  )
}
