import { Check, Key, type LucideIcon, Server } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { i18n } from '#i18n'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Tag } from '../../ui/Tag.tsx'
import type { ConnectionDetails } from './details.ts'
import { Fingerprint } from './Fingerprint.tsx'

type Props = { details: ConnectionDetails | undefined; relayHost: string; profileName: string }

/** Both keys by their fingerprints, the relay's next to its address. client:PIN6 */
export function Keys({ details, relayHost, profileName }: Props) {
  const relay = details?.fingerprint
  const own = details?.ownFingerprint
  return (
    <section class="section" aria-labelledby="keys">
      <div class="section-head">
        <h2 id="keys">{i18n.t('connectionPage.keys')}</h2>
      </div>
      <div class="two two-860">
        <KeyCard
          icon={Server}
          title={i18n.t('connectionPage.relayKey')}
          of={relayHost}
          fingerprint={relay}
          loading={!details}
          tag={
            relay ? (
              <Tag kind="ok" icon={Check}>
                {i18n.t('connectionPage.pinned')}
              </Tag>
            ) : (
              details && <Tag>{i18n.t('connectionPage.notPinned')}</Tag>
            )
          }
          text={i18n.t(relay ? 'connectionPage.pinnedText' : 'connectionPage.noPin')}
        />
        <KeyCard
          icon={Key}
          title={i18n.t('connectionPage.yourKey')}
          of={i18n.t('connectionPage.ofProfile', { name: profileName })}
          fingerprint={own}
          loading={!details}
          tag={own && details?.backup && <Tag>{i18n.t(`identity.backups.${details.backup}`)}</Tag>}
          text={i18n.t(own && details?.backup ? `identity.backupTexts.${details.backup}` : 'connectionPage.noKey')}
        />
      </div>
    </section>
  )
}

type KeyCardProps = {
  icon: LucideIcon
  title: string
  of: string
  fingerprint: string | undefined
  loading: boolean
  tag: ComponentChildren
  text: string
}

function KeyCard({ icon, title, of, fingerprint, loading, tag, text }: KeyCardProps) {
  return (
    <article class="card card-pad stack key-card">
      <div class="row-line key-head">
        <span class="key-icon">
          <Icon of={icon} size="lg" />
        </span>
        <div class="grow">
          <h3 class="key-title">{title}</h3>
          <p class="small muted truncate">{of}</p>
        </div>
        {tag}
      </div>
      {fingerprint ? <Fingerprint value={fingerprint} /> : <div class={loading ? 'fp-space' : ''} />}
      {!loading && <p class="small muted">{text}</p>}
      {fingerprint && (
        <div>
          <CopyButton text={fingerprint} thing={title} />
        </div>
      )}
    </article>
  )
}
