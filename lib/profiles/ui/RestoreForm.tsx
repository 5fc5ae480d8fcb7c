import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import type { FoundIdentity } from '../found.ts'
import { type PhraseReading, readPhrase } from '../phraseWords.ts'
import { AddressField } from './AddressField.tsx'
import type { BringActions } from './actions.ts'
import { PhraseTrouble } from './PhraseTrouble.tsx'

export type RestoreProps = {
  relayUrl: string
  openPhrase: BringActions['openPhrase']
  found: (identity: FoundIdentity) => Promise<void>
}

/** The words and the relay they were used on; what is wrong with them is said, nothing is changed. client:PHR5, PHR6 */
export function RestoreForm({ relayUrl, openPhrase, found }: RestoreProps) {
  const id = useId()
  const [text, setText] = useState('')
  const [address, setAddress] = useState({ text: relayUrl, ok: true })
  const [reading, setReading] = useState<PhraseReading>()
  const open = useAction(async () => {
    const read = readPhrase(text)
    setReading(read)
    if (read.state !== 'good') return
    await found(await openPhrase(read.words, address.text))
    setText('')
    setReading(undefined)
  })
  const change = (words: string): void => {
    open.reset()
    setReading(undefined)
    setText(words)
  }
  const isWrong = reading !== undefined && reading.state !== 'good'
  return (
    <form
      class="card-pad stack identity-form"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        void open.run()
      }}
    >
      <div class="stack passphrase">
        <label class="label" for={id}>
          {i18n.t('phrase.field')}
        </label>
        <div class={isWrong ? 'field err' : 'field'}>
          <textarea
            id={id}
            class="mono"
            rows={3}
            dir="ltr"
            value={text}
            spellcheck={false}
            autocapitalize="off"
            autocomplete="off"
            aria-invalid={isWrong ? true : undefined}
            aria-describedby={`${id}-help`}
            onInput={(event) => change(event.currentTarget.value)}
          />
        </div>
        <div id={`${id}-help`} aria-live="polite">
          {isWrong ? (
            <PhraseTrouble reading={reading} text={text} replace={change} />
          ) : (
            <p class="hint">{i18n.t('phrase.fieldHelp')}</p>
          )}
        </div>
      </div>
      <AddressField
        value={address.text}
        help={i18n.t('phrase.addressHelp')}
        onInput={(given, ok) => setAddress({ text: given, ok })}
      />
      <FailureNote failure={open.failure} />
      <Button type="submit" disabled={text.trim() === '' || !address.ok || open.busy}>
        {i18n.t(open.busy ? 'identity.working' : 'phrase.restore')}
      </Button>
    </form>
  )
}
