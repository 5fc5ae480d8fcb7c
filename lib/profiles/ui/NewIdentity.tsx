import { Check } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { type KeyBackup, keyBackups } from '../model.ts'
import type { WantedKey } from '../newKey.ts'
import type { IdentityActions } from './actions.ts'
import { BackupChoice } from './BackupChoice.tsx'
import { PhraseDialog } from './PhraseDialog.tsx'

/** A new key, with the one choice that can only be made now. A key that is gone needs no confirmation. client:IDN3, IDN4, PHR4 */
export function NewIdentity({ lost, newIdentity }: { lost: boolean; newIdentity: IdentityActions['newIdentity'] }) {
  const announce = useAnnounce()
  const [backup, setBackup] = useState<KeyBackup>('none')
  const [step, setStep] = useState<'confirm' | 'words'>()
  const [done, setDone] = useState(false)
  const make = useAction(async (wanted: WantedKey) => {
    await newIdentity(wanted)
    setStep(undefined)
    setDone(true)
    announce(i18n.t('identity.moved'))
  })
  const go = (): void => {
    if (backup === 'phrase') setStep('words')
    else void make.run({ backup })
  }
  const cancel = (): void => {
    make.reset()
    setStep(undefined)
  }
  return (
    <section class="section" aria-labelledby="fresh">
      <div class="section-head">
        <h2 id="fresh">{i18n.t('identity.fresh.title')}</h2>
      </div>
      <div class="card">
        <div class="card-pad stack identity-form">
          <p class="muted">{i18n.t(lost ? 'identity.fresh.lostText' : 'identity.fresh.text')}</p>
          <BackupChoice value={backup} onChange={setBackup} offered={keyBackups} />
        </div>
        <footer class="card-foot">
          <Button disabled={make.busy} onClick={() => (lost ? go() : setStep('confirm'))}>
            {i18n.t(make.busy ? 'identity.working' : 'identity.fresh.button')}
          </Button>
          {done && (
            <span class="hint hint-ok">
              <Icon of={Check} />
              <span>{i18n.t('identity.moved')}</span>
            </span>
          )}
          {!step && <FailureNote failure={make.failure} />}
        </footer>
      </div>
      {step === 'confirm' && (
        <ConfirmDialog
          title={i18n.t('identity.fresh.confirmTitle')}
          confirm={i18n.t(make.busy ? 'identity.working' : 'identity.fresh.button')}
          danger
          busy={make.busy}
          failure={make.failure}
          onConfirm={go}
          onCancel={cancel}
        >
          <p>{i18n.t('identity.fresh.confirmText')}</p>
          <p>{i18n.t('identity.movesChannels')}</p>
          <p>{i18n.t('identity.keepsMessages')}</p>
        </ConfirmDialog>
      )}
      {step === 'words' && (
        <PhraseDialog
          label={i18n.t('identity.fresh.button')}
          finish={async (key) => {
            await newIdentity({ backup: 'phrase', key })
            setStep(undefined)
            setDone(true)
            announce(i18n.t('identity.moved'))
          }}
          cancel={cancel}
        />
      )}
    </section>
  )
}
