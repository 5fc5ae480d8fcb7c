import { Check } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { fingerprintOf } from '../../relay/keys.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { useModule } from '../../ui/lazy.ts'
import { Choice } from '../../ui/SettingRows.tsx'
import type { FoundIdentity } from '../found.ts'
import type { BringActions, BringTo } from './actions.ts'
import { BringDialog } from './BringDialog.tsx'
import { ImportForm } from './ImportForm.tsx'
import type { RestoreProps } from './RestoreForm.tsx'

export type Present = {
  title: string
  relayUrl: string
  /** Its key is gone, so an identity can only go in its place. client:IDN3 */
  lost: boolean
  /** It has channels or messages, so an identity rather gets a profile of its own. */
  used: boolean
}

type Props = { present: Present; actions: BringActions; show: (profileId: string) => void }

/** An identity that was used elsewhere, by its backup file or its recovery phrase. client:IDN7, PHR5 */
export function BringIdentity({ present, actions, show }: Props) {
  const announce = useAnnounce()
  const [way, setWay] = useState<'file' | 'phrase'>('file')
  const [found, setFound] = useState<{ identity: FoundIdentity; fingerprint: string }>()
  const [round, setRound] = useState(0)
  const [done, setDone] = useState(false)
  const bring = async (identity: FoundIdentity, to: BringTo): Promise<void> => {
    const profileId = await actions.bring(identity, to)
    setFound(undefined)
    setDone(true)
    setRound(round + 1)
    announce(i18n.t('identity.import.done'))
    show(profileId)
  }
  const open = async (identity: FoundIdentity): Promise<void> => {
    setDone(false)
    setFound({ identity, fingerprint: await fingerprintOf(identity.key.publicKey) })
  }
  return (
    <section class="section" aria-labelledby="import">
      <div class="section-head">
        <h2 id="import">{i18n.t('identity.import.title')}</h2>
      </div>
      <div class="card" key={round}>
        <p class="card-pad muted bring-text">{i18n.t('identity.import.text')}</p>
        <Choice
          title={i18n.t('identity.import.way')}
          value={way}
          options={[
            ['file', i18n.t('identity.import.file')],
            ['phrase', i18n.t('phrase.thing')],
          ]}
          onChange={setWay}
        />
        {way === 'file' ? (
          <ImportForm openBackup={actions.openBackup} found={open} />
        ) : (
          <Restore relayUrl={present.relayUrl} openPhrase={actions.openPhrase} found={open} />
        )}
        {done && (
          <p class="card-pad hint hint-ok">
            <Icon of={Check} />
            <span>{i18n.t('identity.import.done')}</span>
          </p>
        )}
      </div>
      {found && <BringDialog {...found} present={present} bring={bring} cancel={() => setFound(undefined)} />}
    </section>
  )
}

/** The list of words comes only when it is needed. */
function Restore(props: RestoreProps) {
  const loaded = useModule(() => import('./RestoreForm.tsx'))
  return loaded ? <loaded.RestoreForm {...props} /> : null
}
