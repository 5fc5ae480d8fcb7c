import { CircleAlert } from 'lucide-preact'
import { useId } from 'preact/hooks'
import { i18n } from '#i18n'
import { parseRelayUrl } from '../../relay/url.ts'
import { Icon } from '../../ui/Icon.tsx'

type Props = { value: string; help: string; onInput: (text: string, ok: boolean) => void }

/** A relay's address, checked while it is typed. client:URL1, URL2 */
export function AddressField({ value, help, onInput }: Props) {
  const id = useId()
  const relay = parseRelayUrl(value)
  return (
    <div class="stack passphrase">
      <label class="label" for={id}>
        {i18n.t('connectionPage.address')}
      </label>
      <div class={relay.ok ? 'field' : 'field err'}>
        <input
          id={id}
          class="mono"
          dir="ltr"
          inputMode="url"
          value={value}
          spellcheck={false}
          autocapitalize="off"
          aria-invalid={relay.ok ? undefined : true}
          aria-describedby={`${id}-help`}
          onInput={(event) => {
            const text = event.currentTarget.value
            onInput(text, parseRelayUrl(text).ok)
          }}
        />
      </div>
      <div id={`${id}-help`} aria-live="polite">
        {relay.ok ? (
          <p class="hint">{help}</p>
        ) : (
          <p class="hint hint-fail">
            <Icon of={CircleAlert} />
            <span>{relay.reason}</span>
          </p>
        )}
      </div>
    </div>
  )
}
