import { Check, Download } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { checkPassphrase, PASSPHRASE_CHARACTERS } from '../backup.ts'
import type { IdentityActions } from './actions.ts'
import { PassphraseField } from './PassphraseField.tsx'

type Props = { exportBackup: IdentityActions['exportBackup']; save: (text: string) => void }

/** The passphrase twice, then a file. Both fields are emptied when it is made. client:IDN5 */
export function ExportForm({ exportBackup, save }: Props) {
  const announce = useAnnounce()
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [saved, setSaved] = useState(false)
  const run = useAction(async () => {
    checkPassphrase(first, second)
    save(await exportBackup(first))
    setFirst('')
    setSecond('')
    setSaved(true)
    announce(i18n.t('identity.export.saved'))
  })
  const missing = PASSPHRASE_CHARACTERS - [...first].length
  const typing = (set: (text: string) => void) => (text: string) => {
    run.reset()
    setSaved(false)
    set(text)
  }
  return (
    <section class="section" aria-labelledby="export">
      <div class="section-head">
        <h2 id="export">{i18n.t('identity.export.title')}</h2>
      </div>
      <form
        class="card card-pad stack identity-form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void run.run()
        }}
      >
        <p class="muted">{i18n.t('identity.export.text')}</p>
        <div class="two">
          <PassphraseField
            label={i18n.t('identity.export.passphrase')}
            value={first}
            onInput={typing(setFirst)}
            isNew
            help={first && missing > 0 ? i18n.t('identity.export.more', missing) : i18n.t('identity.export.help')}
          />
          <PassphraseField
            label={i18n.t('identity.export.again')}
            value={second}
            onInput={typing(setSecond)}
            isNew
            help={second && first !== second ? i18n.t('identity.export.differ') : ' '}
          />
        </div>
        <FailureNote failure={run.failure} />
        <div class="row-line wrap-line">
          <Button type="submit" disabled={run.busy || missing > 0 || first !== second}>
            <Icon of={Download} />
            {i18n.t(run.busy ? 'identity.working' : 'identity.export.button')}
          </Button>
          {saved && (
            <span class="hint hint-ok">
              <Icon of={Check} />
              <span>{i18n.t('identity.export.saved')}</span>
            </span>
          )}
        </div>
      </form>
    </section>
  )
}
