import { Key } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { Fingerprint } from '../../relay/ui/Fingerprint.tsx'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Tag } from '../../ui/Tag.tsx'
import type { IdentityActions, OwnKey } from './actions.ts'

type Props = { own: OwnKey; profileName: string; newIdentity: IdentityActions['newIdentity'] }

/** The key this browser signs with, and for one that cannot leave the way to one that can. client:IDN4, IDN6 */
export function OwnKeyCard({ own, profileName, newIdentity }: Props) {
  const announce = useAnnounce()
  const [asking, setAsking] = useState(false)
  const move = useAction(async () => {
    await newIdentity(true)
    setAsking(false)
    announce(i18n.t('identity.moved'))
  })
  return (
    <article class="card card-pad stack key-card">
      <div class="row-line key-head">
        <span class="key-icon">
          <Icon of={Key} size="lg" />
        </span>
        <div class="grow">
          <h3 class="key-title">{i18n.t('connectionPage.yourKey')}</h3>
          <p class="small muted truncate">{i18n.t('connectionPage.ofProfile', { name: profileName })}</p>
        </div>
        <Tag>{i18n.t(own.exportable ? 'identity.exportable' : 'connectionPage.cannotLeave')}</Tag>
      </div>
      <Fingerprint value={own.fingerprint} />
      <p class="small muted">{i18n.t(own.exportable ? 'identity.exportableText' : 'connectionPage.yourText')}</p>
      <div class="row-line wrap-line">
        <CopyButton text={own.fingerprint} thing={i18n.t('connectionPage.yourKey')} />
        {!own.exportable && (
          <Button small onClick={() => setAsking(true)}>
            {i18n.t('identity.move')}
          </Button>
        )}
      </div>
      {asking && (
        <ConfirmDialog
          title={i18n.t('identity.moveTitle')}
          confirm={i18n.t(move.busy ? 'identity.working' : 'identity.move')}
          busy={move.busy}
          failure={move.failure}
          onConfirm={() => void move.run()}
          onCancel={() => {
            move.reset()
            setAsking(false)
          }}
        >
          <p>{i18n.t('identity.moveText')}</p>
          <p>{i18n.t('identity.movesChannels')}</p>
          <p>{i18n.t('identity.keepsMessages')}</p>
        </ConfirmDialog>
      )}
    </article>
  )
}
