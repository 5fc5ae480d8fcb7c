import { CircleAlert } from 'lucide-preact'
import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { parseRelayUrl } from '../../relay/url.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { SwitchRow } from '../../ui/SettingRows.tsx'
import { NameField } from './NameField.tsx'
import type { ProfileActions } from './profiles.ts'

type Props = {
  /** The relay of the profile in view: a new one starts there. client:PRF2 */
  relayUrl: string
  create: ProfileActions['create']
  created: (profileId: string) => void
}

/** A further identity, with the one choice about its key that can only be made now. client:PRF1, PRF2, IDN4 */
export function NewProfile({ relayUrl, create, created }: Props) {
  const id = useId()
  const announce = useAnnounce()
  const [name, setName] = useState('')
  const [address, setAddress] = useState(relayUrl)
  const [exportable, setExportable] = useState(false)
  const relay = parseRelayUrl(address)
  const run = useAction(async () => {
    const profileId = await create({ name, relayUrl: address, exportable })
    announce(i18n.t('profiles.created'))
    created(profileId)
  })
  return (
    <section class="section" aria-labelledby="new-profile">
      <div class="section-head">
        <h2 id="new-profile">{i18n.t('profiles.new')}</h2>
      </div>
      <form
        class="card"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          if (relay.ok) void run.run()
        }}
      >
        <div class="card-pad two">
          <NameField
            label={i18n.t('profiles.name')}
            value={name}
            onInput={(text) => {
              run.reset()
              setName(text)
            }}
          />
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
                value={address}
                spellcheck={false}
                autocapitalize="off"
                aria-invalid={relay.ok ? undefined : true}
                aria-describedby={`${id}-help`}
                onInput={(event) => setAddress(event.currentTarget.value)}
              />
            </div>
            <div id={`${id}-help`} aria-live="polite">
              {relay.ok ? (
                <p class="hint">{i18n.t('profiles.addressHelp')}</p>
              ) : (
                <p class="hint hint-fail">
                  <Icon of={CircleAlert} />
                  <span>{relay.reason}</span>
                </p>
              )}
            </div>
          </div>
        </div>
        <SwitchRow
          title={i18n.t('identity.fresh.allow')}
          help={i18n.t('identity.fresh.allowHelp')}
          on={exportable}
          onChange={setExportable}
        />
        <footer class="card-foot">
          <Button type="submit" disabled={run.busy || !relay.ok || name.trim() === ''}>
            {i18n.t(run.busy ? 'identity.working' : 'profiles.create')}
          </Button>
          <FailureNote failure={run.failure} />
        </footer>
      </form>
    </section>
  )
}
