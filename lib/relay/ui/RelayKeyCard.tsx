import { Check, Server } from 'lucide-preact'
import { i18n } from '#i18n'
import { longDay } from '../../ui/moment.ts'
import { Tag } from '../../ui/Tag.tsx'
import { KeyCard } from './KeyCard.tsx'

type Props = { relayHost: string; pinned: { fingerprint: string; pinnedAt: number } | undefined }

/** The key this browser holds the relay to. client:PIN1, PIN6 */
export function RelayKeyCard({ relayHost, pinned }: Props) {
  return (
    <KeyCard
      icon={Server}
      title={i18n.t('connectionPage.relayKey')}
      of={relayHost}
      fingerprint={pinned?.fingerprint}
      tag={
        pinned ? (
          <Tag kind="ok" icon={Check}>
            {i18n.t('connectionPage.pinned')}
          </Tag>
        ) : (
          <Tag>{i18n.t('connectionPage.notPinned')}</Tag>
        )
      }
      text={
        pinned ? i18n.t('connectionPage.pinnedText', { day: longDay(pinned.pinnedAt, Date.now()) }) : i18n.t('connectionPage.noPin')
      }
    />
  )
}
