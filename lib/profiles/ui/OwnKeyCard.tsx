import { Key } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { Fingerprint } from '../../relay/ui/Fingerprint.tsx'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Tag } from '../../ui/Tag.tsx'
import type { IdentityActions, OwnKey } from './actions.ts'
import { MoveToBackup } from './MoveToBackup.tsx'

type Props = { own: OwnKey; profileName: string; newIdentity: IdentityActions['newIdentity'] }

/** The key this browser signs with, and for one without backup the way to one that has it. client:IDN4, IDN6, PHR4 */
export function OwnKeyCard({ own, profileName, newIdentity }: Props) {
  const [moving, setMoving] = useState(false)
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
        <Tag>{i18n.t(`identity.backups.${own.backup}`)}</Tag>
      </div>
      <Fingerprint value={own.fingerprint} />
      <p class="small muted">{i18n.t(`identity.backupTexts.${own.backup}`)}</p>
      <div class="row-line wrap-line">
        <CopyButton text={own.fingerprint} thing={i18n.t('connectionPage.yourKey')} />
        {own.backup === 'none' && (
          <Button small onClick={() => setMoving(true)}>
            {i18n.t('identity.move')}
          </Button>
        )}
      </div>
      {moving && <MoveToBackup newIdentity={newIdentity} close={() => setMoving(false)} />}
    </article>
  )
}
