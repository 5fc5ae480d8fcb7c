import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { MOST_PROFILES } from '../create.ts'
import { type KeyBackup, keyBackups } from '../model.ts'
import { profileName } from '../names.ts'
import type { WantedKey } from '../newKey.ts'
import { AddressField } from './AddressField.tsx'
import { BackupChoice } from './BackupChoice.tsx'
import { NameField } from './NameField.tsx'
import { PhraseDialog } from './PhraseDialog.tsx'
import type { ProfileActions } from './profiles.ts'

type Props = {
  /** The relay of the profile in view: a new one starts there. client:PRF2 */
  relayUrl: string
  /** Names of the profiles there are. */
  taken: readonly string[]
  create: ProfileActions['create']
  created: (profileId: string) => void
}

/** A further identity, with the one choice about its key that can only be made now. client:PRF1, PRF2, IDN4 */
export function NewProfile({ relayUrl, taken, create, created }: Props) {
  const announce = useAnnounce()
  const [name, setName] = useState('')
  const [address, setAddress] = useState(relayUrl)
  const [backup, setBackup] = useState<KeyBackup>('none')
  const [words, setWords] = useState(false)
  const [usable, setUsable] = useState(true)
  const make = async (key: WantedKey): Promise<void> => {
    const profileId = await create({ name, relayUrl: address, key })
    announce(i18n.t('profiles.created'))
    created(profileId)
  }
  const run = useAction(make)
  const isTaken = taken.includes(profileName(name))
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
          if (backup === 'phrase') setWords(true)
          else void run.run({ backup })
        }}
      >
        <div class="card-pad two">
          <NameField
            label={i18n.t('profiles.name')}
            taken={taken}
            value={name}
            onInput={(text) => {
              run.reset()
              setName(text)
            }}
          />
          <AddressField
            value={address}
            help={i18n.t('profiles.addressHelp')}
            onInput={(text, ok) => {
              setAddress(text)
              setUsable(ok)
            }}
          />
        </div>
        <div class="card-pad new-backup">
          <BackupChoice value={backup} onChange={setBackup} offered={keyBackups} />
        </div>
        <footer class="card-foot">
          <Button type="submit" disabled={run.busy || !usable || name.trim() === '' || isTaken || taken.length >= MOST_PROFILES}>
            {i18n.t(run.busy ? 'identity.working' : 'profiles.create')}
          </Button>
          <FailureNote failure={run.failure} />
        </footer>
      </form>
      {words && (
        <PhraseDialog
          label={i18n.t('profiles.create')}
          finish={(key) => make({ backup: 'phrase', key })}
          cancel={() => setWords(false)}
        />
      )}
    </section>
  )
}
