import { CircleAlert } from 'lucide-preact'
import { useEffect, useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { parseRelayUrl } from '../url.ts'
import type { ConnectionActions } from './details.ts'

type Props = { relayUrl: string; setRelayUrl: ConnectionActions['setRelayUrl'] }

/** Where the relay is. Checked while typing, changed only after a confirmation. client:URL1, URL2, URL4, URL5 */
export function AddressForm({ relayUrl, setRelayUrl }: Props) {
  const id = useId()
  const [text, setText] = useState(relayUrl)
  const [asking, setAsking] = useState<string>()
  useEffect(() => setText(relayUrl), [relayUrl])
  const parsed = parseRelayUrl(text)
  const isSame = parsed.ok && parsed.url === relayUrl
  const change = useAction(async (url: string) => {
    await setRelayUrl(url)
    setAsking(undefined)
  })

  return (
    <form
      class="stack address-form"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        if (parsed.ok && !isSame) setAsking(parsed.url)
      }}
    >
      <label class="label" for={`${id}-url`}>
        {i18n.t('connectionPage.address')}
      </label>
      <div class="paste">
        <div class={parsed.ok ? 'field' : 'field err'}>
          <input
            id={`${id}-url`}
            class="mono"
            dir="ltr"
            inputMode="url"
            value={text}
            spellcheck={false}
            autocapitalize="off"
            aria-invalid={parsed.ok ? undefined : true}
            aria-describedby={`${id}-help`}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
        <Button type="submit" disabled={!parsed.ok || isSame}>
          {i18n.t('connectionPage.changeAddress')}
        </Button>
      </div>
      <div class="guess" id={`${id}-help`} aria-live="polite">
        {parsed.ok ? (
          <p class="hint">{i18n.t('connectionPage.addressHelp')}</p>
        ) : (
          <p class="hint hint-fail">
            <Icon of={CircleAlert} />
            <span>{parsed.reason}</span>
          </p>
        )}
      </div>
      {asking !== undefined && (
        <ConfirmDialog
          title={i18n.t('connectionPage.confirmTitle')}
          confirm={i18n.t('connectionPage.changeAddress')}
          busy={change.busy}
          failure={change.failure}
          onConfirm={() => void change.run(asking)}
          onCancel={() => {
            change.reset()
            setAsking(undefined)
          }}
        >
          <p>{i18n.t('connectionPage.confirmText', { new: asking, old: relayUrl })}</p>
          <p>{i18n.t('connectionPage.confirmKeeps')}</p>
        </ConfirmDialog>
      )}
    </form>
  )
}
