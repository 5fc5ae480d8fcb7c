import { Upload } from 'lucide-preact'
import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { Failure } from '../../messaging/failure.ts'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { MOST_BACKUP_BYTES } from '../backup.ts'
import type { FoundIdentity } from '../found.ts'
import type { BringActions } from './actions.ts'
import { PassphraseField } from './PassphraseField.tsx'

type Props = { openBackup: BringActions['openBackup']; found: (identity: FoundIdentity) => Promise<void> }

/** Opens a backup file; nothing is changed by it. client:IDN7 */
export function ImportForm({ openBackup, found }: Props) {
  const id = useId()
  const [file, setFile] = useState<File>()
  const [passphrase, setPassphrase] = useState('')
  const open = useAction(async () => {
    if (!file) return
    if (file.size > MOST_BACKUP_BYTES) throw new Failure('not_a_backup', i18n.t('identity.import.tooLarge'))
    await found(await openBackup(await file.text(), passphrase))
    setPassphrase('')
  })
  return (
    <form
      class="card-pad stack identity-form"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        void open.run()
      }}
    >
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
      <Button type="submit" disabled={!file || passphrase === '' || open.busy}>
        <Icon of={Upload} />
        {i18n.t(open.busy ? 'identity.working' : 'identity.import.button')}
      </Button>
    </form>
  )
}
