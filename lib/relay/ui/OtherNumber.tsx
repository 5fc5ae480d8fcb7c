import { Check, CircleAlert } from 'lucide-preact'
import { useId } from 'preact/hooks'
import { i18n } from '#i18n'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { Compared } from './compareNumber.ts'

/** Of a userId, as many characters as the relay's command takes. client:SAF5 */
const USER_ID_SHOWN = 8

type Props = { text: string; onInput: (text: string) => void; compared: Compared; userId: string }

/** Where the number comes from on the other side, and a box that holds it against this one. client:SAF3, SAF5 */
export function OtherNumber({ text, onInput, compared, userId }: Props) {
  const id = useId()
  const command = `chaos-relay fingerprint --session ${userId.slice(0, USER_ID_SHOWN)}`
  const isWrong = compared.state === 'differs' || compared.state === 'strange'
  return (
    <div class="card-pad">
      <label class="label" for={id}>
        {i18n.t('safety.there')}
      </label>
      <p class="small muted">{i18n.t('safety.thereText')}</p>
      <div class="row-line command">
        <code dir="ltr">{command}</code>
        <CopyButton bare text={command} thing={i18n.t('safety.command')} />
      </div>
      <div class={isWrong ? 'field err' : 'field'}>
        <textarea
          id={id}
          rows={3}
          dir="ltr"
          inputMode="numeric"
          value={text}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          aria-invalid={isWrong ? true : undefined}
          aria-describedby={`${id}-help`}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      </div>
      <div id={`${id}-help`} class="compare-help" aria-live="polite">
        <Help compared={compared} />
      </div>
    </div>
  )
}

function Help({ compared }: { compared: Compared }) {
  switch (compared.state) {
    case 'empty':
      return <p class="hint">{i18n.t('safety.paste')}</p>
    case 'incomplete':
      return <p class="hint num">{i18n.t('safety.more', compared.missing)}</p>
    case 'match':
      return (
        <p class="hint hint-ok">
          <Icon of={Check} />
          <span>{i18n.t('safety.same')}</span>
        </p>
      )
    case 'differs':
    case 'strange':
      return (
        <p class="hint hint-fail">
          <Icon of={CircleAlert} />
          <span class="num">
            {compared.state === 'strange' ? i18n.t('safety.strange') : i18n.t('safety.differsAt', { group: compared.group })}
          </span>
        </p>
      )
  }
}
