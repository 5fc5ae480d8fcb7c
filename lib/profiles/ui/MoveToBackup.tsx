import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import type { KeyBackup } from '../model.ts'
import type { WantedKey } from '../newKey.ts'
import type { IdentityActions } from './actions.ts'
import { BackupChoice } from './BackupChoice.tsx'
import { PhraseDialog } from './PhraseDialog.tsx'

/** From a key that cannot leave to one that can be had back. client:IDN6, PHR4 */
export function MoveToBackup({ newIdentity, close }: Pick<IdentityActions, 'newIdentity'> & { close: () => void }) {
  const announce = useAnnounce()
  const [backup, setBackup] = useState<KeyBackup>('phrase')
  const [words, setWords] = useState(false)
  const move = async (wanted: WantedKey): Promise<void> => {
    await newIdentity(wanted)
    close()
    announce(i18n.t('identity.moved'))
  }
  const run = useAction(move)
  if (words)
    return <PhraseDialog label={i18n.t('identity.move')} finish={(key) => move({ backup: 'phrase', key })} cancel={close} />
  return (
    <ConfirmDialog
      title={i18n.t('identity.moveTitle')}
      confirm={i18n.t(run.busy ? 'identity.working' : 'identity.move')}
      busy={run.busy}
      failure={run.failure}
      onConfirm={() => {
        if (backup === 'phrase') setWords(true)
        else void run.run({ backup: 'file' })
      }}
      onCancel={close}
    >
      <p>{i18n.t('identity.moveText')}</p>
      <BackupChoice value={backup} onChange={setBackup} offered={['phrase', 'file']} />
      <p>{i18n.t('identity.movesChannels')}</p>
      <p>{i18n.t('identity.keepsMessages')}</p>
    </ConfirmDialog>
  )
}
