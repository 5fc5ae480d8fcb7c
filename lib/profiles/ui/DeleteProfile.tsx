import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import type { ProfileFacts } from './profiles.ts'
import { TypedName } from './TypedName.tsx'

type Props = { profile: ProfileFacts; remove: (onRelay: boolean) => Promise<void>; cancel: () => void }

/** Says what is lost, and takes typing the name. client:PRF5 */
export function DeleteProfile({ profile: { title, channels, registered, mark }, remove, cancel }: Props) {
  const [typed, setTyped] = useState('')
  const [onRelay, setOnRelay] = useState(registered)
  const run = useAction(async () => {
    await remove(registered && onRelay)
    cancel()
  })
  return (
    <ConfirmDialog
      title={i18n.t('profiles.deleteTitle', { name: title })}
      confirm={i18n.t(run.busy ? 'identity.working' : 'profiles.deleteConfirm')}
      danger
      ready={typed.trim().toLowerCase() === title.toLowerCase()}
      busy={run.busy}
      failure={run.failure}
      onConfirm={() => void run.run()}
      onCancel={cancel}
    >
      <p>{i18n.t('profiles.deleteText')}</p>
      <p>{i18n.t(`profiles.deleteKeys.${mark}`)}</p>
      {registered && (
        <label class="row-line check">
          <input type="checkbox" checked={onRelay} onChange={(event) => setOnRelay(event.currentTarget.checked)} />
          <span>{i18n.t('profiles.deleteOnRelay', channels)}</span>
        </label>
      )}
      <TypedName
        label={i18n.t('profiles.deleteType', { name: title })}
        value={typed}
        onType={(value) => {
          run.reset()
          setTyped(value)
        }}
      />
    </ConfirmDialog>
  )
}
