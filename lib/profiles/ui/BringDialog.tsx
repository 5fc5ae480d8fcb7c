import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import type { FoundIdentity } from '../found.ts'
import type { BringTo } from './actions.ts'
import type { Present } from './BringIdentity.tsx'
import { NameField } from './NameField.tsx'
import { hostOf } from './profiles.ts'

/** Of a fingerprint, what a person compares. client:PIN5 */
const COMPARED_CHARACTERS = 9

type Props = {
  identity: FoundIdentity
  fingerprint: string
  present: Present
  bring: (identity: FoundIdentity, to: BringTo) => Promise<void>
  cancel: () => void
}

/** Says whose the identity is, and where it goes; only then anything changes. client:IDN7, PHR5 */
export function BringDialog({ identity, fingerprint, present, bring, cancel }: Props) {
  const [place, setPlace] = useState<BringTo['place']>(present.lost || !present.used ? 'here' : 'new')
  const [name, setName] = useState(identity.name ?? hostOf(identity.relayUrl))
  const run = useAction(() => bring(identity, place === 'new' ? { place, name } : { place }))
  const replaces = place === 'here' && !present.lost
  return (
    <ConfirmDialog
      title={i18n.t(replaces ? 'identity.import.confirmTitle' : 'identity.import.addTitle')}
      confirm={i18n.t(run.busy ? 'identity.working' : replaces ? 'identity.import.confirm' : 'identity.import.add')}
      danger={replaces}
      busy={run.busy}
      failure={run.failure}
      onConfirm={() => void run.run()}
      onCancel={cancel}
    >
      <p>
        {i18n.t(identity.name === undefined ? 'identity.import.whoseWords' : 'identity.import.whose', {
          name: identity.name ?? '',
          relay: identity.relayUrl,
          fingerprint: fingerprint.slice(0, COMPARED_CHARACTERS),
        })}
      </p>
      {!present.lost && <PlaceChoice value={place} onChange={setPlace} title={present.title} />}
      {place === 'new' && <NameField label={i18n.t('profiles.name')} value={name} onInput={setName} />}
      {replaces && <p>{i18n.t('identity.import.confirmLoses')}</p>}
      {place === 'here' && <p>{i18n.t('identity.keepsMessages')}</p>}
    </ConfirmDialog>
  )
}

function PlaceChoice({
  value,
  onChange,
  title,
}: {
  value: BringTo['place']
  onChange: (place: BringTo['place']) => void
  title: string
}) {
  const id = useId()
  return (
    <fieldset class="stack options-list">
      <legend class="label">{i18n.t('identity.import.where')}</legend>
      {(['new', 'here'] as const).map((place) => (
        <label key={place} class="option-line">
          <input type="radio" name={id} checked={place === value} onChange={() => onChange(place)} />
          <span>{place === 'new' ? i18n.t('identity.import.placeNew') : i18n.t('identity.import.placeHere', { name: title })}</span>
        </label>
      ))}
    </fieldset>
  )
}
