import { Check } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { SwitchRow } from '../../ui/SettingRows.tsx'
import type { IdentityActions } from './actions.ts'

/** A new key, with the one choice that can only be made now. A key that is gone needs no confirmation. client:IDN3, IDN4 */
export function NewIdentity({ lost, newIdentity }: { lost: boolean; newIdentity: IdentityActions['newIdentity'] }) {
  const announce = useAnnounce()
  const [exportable, setExportable] = useState(false)
  const [asking, setAsking] = useState(false)
  const [done, setDone] = useState(false)
  const make = useAction(async () => {
    await newIdentity(exportable)
    setAsking(false)
    setDone(true)
    announce(i18n.t('identity.moved'))
  })
  return (
    <section class="section" aria-labelledby="fresh">
      <div class="section-head">
        <h2 id="fresh">{i18n.t('identity.fresh.title')}</h2>
      </div>
      <div class="card">
        <div class="card-pad">
          <p class="muted">{i18n.t(lost ? 'identity.fresh.lostText' : 'identity.fresh.text')}</p>
        </div>
        <SwitchRow
          title={i18n.t('identity.fresh.allow')}
          help={i18n.t('identity.fresh.allowHelp')}
          on={exportable}
          onChange={setExportable}
        />
        <footer class="card-foot">
          <Button disabled={make.busy} onClick={() => (lost ? void make.run() : setAsking(true))}>
            {i18n.t(make.busy ? 'identity.working' : 'identity.fresh.button')}
          </Button>
          {done && (
            <span class="hint hint-ok">
              <Icon of={Check} />
              <span>{i18n.t('identity.moved')}</span>
            </span>
          )}
          {!asking && <FailureNote failure={make.failure} />}
        </footer>
      </div>
      {asking && (
        <ConfirmDialog
          title={i18n.t('identity.fresh.confirmTitle')}
          confirm={i18n.t(make.busy ? 'identity.working' : 'identity.fresh.button')}
          danger
          busy={make.busy}
          failure={make.failure}
          onConfirm={() => void make.run()}
          onCancel={() => {
            make.reset()
            setAsking(false)
          }}
        >
          <p>{i18n.t('identity.fresh.confirmText')}</p>
          <p>{i18n.t('identity.movesChannels')}</p>
          <p>{i18n.t('identity.keepsMessages')}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
