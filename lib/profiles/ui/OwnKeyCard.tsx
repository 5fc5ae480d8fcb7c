import { Key } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { KeyCard } from '../../relay/ui/KeyCard.tsx'
import { Button } from '../../ui/Button.tsx'
import { Tag } from '../../ui/Tag.tsx'
import type { IdentityActions, OwnKey } from './actions.ts'
import { MoveToBackup } from './MoveToBackup.tsx'

type Props = { own: OwnKey; profileName: string; newIdentity: IdentityActions['newIdentity'] }

/** The key this browser signs with, and for one without backup the way to one that has it. client:IDN4, IDN6, PHR4 */
export function OwnKeyCard({ own, profileName, newIdentity }: Props) {
  const [moving, setMoving] = useState(false)
  return (
    <KeyCard
      icon={Key}
      title={i18n.t('connectionPage.yourKey')}
      of={i18n.t('connectionPage.ofProfile', { name: profileName })}
      fingerprint={own.fingerprint}
      tag={<Tag>{i18n.t(`identity.backups.${own.backup}`)}</Tag>}
      text={i18n.t(`identity.backupTexts.${own.backup}`)}
    >
      {own.backup === 'none' && (
        <Button small onClick={() => setMoving(true)}>
          {i18n.t('identity.move')}
        </Button>
      )}
      {moving && <MoveToBackup newIdentity={newIdentity} close={() => setMoving(false)} />}
    </KeyCard>
  )
}
