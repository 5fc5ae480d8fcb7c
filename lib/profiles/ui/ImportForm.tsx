import { Check, Upload } from 'lucide-preact'
import { useId, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { Failure } from '../../messaging/failure.ts'
import { fingerprintOf } from '../../relay/keys.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { type Backup, MOST_BACKUP_BYTES } from '../backup.ts'
import type { IdentityActions } from './actions.ts'
import { PassphraseField } from './PassphraseField.tsx'

/** Of a fingerprint, what a person compares. client:PIN5 */
const COMPARED_CHARACTERS = 9

type Opened = { backup: Backup; fingerprint: string }

/** Opens a backup, says whose it is, and replaces the identity only after a yes. client:IDN7 */
export function ImportForm({ actions }: { actions: Pick<IdentityActions, 'openBackup' | 'importBackup'> }) {
  const id = useId()
  const announce = useAnnounce()
  const form = useRef<HTMLFormElement>(null)
  const [file, setFile] = useState<File>()
  const [passphrase, setPassphrase] = useState('')
  const [opened, setOpened] = useState<Opened>()
  const [done, setDone] = useState(false)
  const open = useAction(async () => {
    if (!file) return
    if (file.size > MOST_BACKUP_BYTES) throw new Failure('not_a_backup', i18n.t('identity.import.tooLarge'))
    const backup = await actions.openBackup(await file.text(), passphrase)
    setOpened({ backup, fingerprint: await fingerprintOf(backup.privateKey) })
  })
  const replace = useAction(async (backup: Backup) => {
    await actions.importBackup(backup)
    forget()
    form.current?.reset()
    setFile(undefined)
    setDone(true)
    announce(i18n.t('identity.import.done'))
  })

  function forget(): void {
    setPassphrase('')
    setOpened(undefined)
    replace.reset()
  }

  return (
    <section class="section" aria-labelledby="import">
      <div class="section-head">
        <h2 id="import">{i18n.t('identity.import.title')}</h2>
      </div>
      <form
        ref={form}
        class="card card-pad stack identity-form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void open.run()
        }}
      >
        <p class="muted">{i18n.t('identity.import.text')}</p>
        <div class="two">
          <div class="stack passphrase">
            <label class="label" for={`${id}-file`}>
              {i18n.t('identity.import.file')}
            </label>
            <div class="field file-field">
              <input
                id={`${id}-file`}
                type="file"
                accept=".json,application/json"
                onChange={(event) => {
                  open.reset()
                  setDone(false)
                  setFile(event.currentTarget.files?.[0])
                }}
              />
            </div>
          </div>
          <PassphraseField
            label={i18n.t('identity.import.passphrase')}
            value={passphrase}
            isNew={false}
            onInput={(text) => {
              open.reset()
              setPassphrase(text)
            }}
          />
        </div>
        <FailureNote failure={open.failure} />
        <div class="row-line wrap-line">
          <Button type="submit" disabled={!file || passphrase === '' || open.busy}>
            <Icon of={Upload} />
            {i18n.t(open.busy ? 'identity.working' : 'identity.import.button')}
          </Button>
          {done && (
            <span class="hint hint-ok">
              <Icon of={Check} />
              <span>{i18n.t('identity.import.done')}</span>
            </span>
          )}
        </div>
      </form>
      {opened && (
        <ConfirmDialog
          title={i18n.t('identity.import.confirmTitle')}
          confirm={i18n.t(replace.busy ? 'identity.working' : 'identity.import.confirm')}
          danger
          busy={replace.busy}
          failure={replace.failure}
          onConfirm={() => void replace.run(opened.backup)}
          onCancel={forget}
        >
          <p>
            {i18n.t('identity.import.confirmText', {
              name: opened.backup.name,
              relay: opened.backup.relayUrl,
              fingerprint: opened.fingerprint.slice(0, COMPARED_CHARACTERS),
            })}
          </p>
          <p>{i18n.t('identity.import.confirmLoses')}</p>
          <p>{i18n.t('identity.keepsMessages')}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
