import { RotateCw } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { i18n } from '#i18n'
import { Button } from '../../ui/Button.tsx'
import { useDelayed } from '../../ui/delayed.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Tag } from '../../ui/Tag.tsx'
import { AddressForm } from './AddressForm.tsx'
import type { ConnectionActions, ConnectionDetails } from './details.ts'

/** Of a user id, as many characters as tell sessions apart without being a secret to guard. client:STA1 */
const USER_ID_SHOWN = 8

type Props = {
  relayUrl: string
  details: ConnectionDetails | undefined
  /** Why there are none. */
  reason: string | undefined
  setRelayUrl: ConnectionActions['setRelayUrl']
  askAgain: () => void
}

/** The relay: its address, and what it says of itself. A line that cannot be had says why. client:STA1, STA2, PIN6 */
export function RelaySection({ relayUrl, details, reason, setRelayUrl, askAgain }: Props) {
  const line = lineFrom(details, reason)
  return (
    <section class="section" aria-labelledby="relay">
      <div class="section-head">
        <h2 id="relay">{i18n.t('connectionPage.relay')}</h2>
      </div>
      <div class="card card-pad stack relay-card">
        <AddressForm relayUrl={relayUrl} setRelayUrl={setRelayUrl} />
        <dl class="pairs">
          <dt>{i18n.t('connectionPage.answered')}</dt>
          <dd class="num">{line((known) => relayAnswer(known.relay))}</dd>
          {details?.relay.ok !== false && (
            <>
              <dt>{i18n.t('connectionPage.version')}</dt>
              <dd>{line(({ relay }) => relay.ok && relay.version)}</dd>
            </>
          )}
          <dt>{i18n.t('connectionPage.relayKey')}</dt>
          <dd>
            {line(({ fingerprint }) => (fingerprint ? <code dir="ltr">{fingerprint}</code> : i18n.t('connectionPage.notPinned')))}
          </dd>
          <dt>{i18n.t('connectionPage.readUpTo')}</dt>
          <dd class="num">
            {line(({ cursor }) =>
              cursor ? i18n.t('connectionPage.message', { seq: cursor }) : i18n.t('connectionPage.nothingRead'),
            )}
          </dd>
          <dt>{i18n.t('connectionPage.you')}</dt>
          <dd>
            {line(({ userId }) =>
              userId ? <code dir="ltr">{userId.slice(0, USER_ID_SHOWN)}</code> : i18n.t('connectionPage.youUnknown'),
            )}
          </dd>
          <dt>{i18n.t('connectionPage.yourKey')}</dt>
          <dd>
            {line(({ ownFingerprint, backup }) =>
              ownFingerprint && backup ? (
                <>
                  <code dir="ltr">{ownFingerprint}</code>
                  <Tag>{i18n.t(`identity.backups.${backup}`)}</Tag>
                </>
              ) : (
                i18n.t('connectionPage.noKey')
              ),
            )}
          </dd>
        </dl>
        <div>
          <Button small onClick={askAgain}>
            <Icon of={RotateCw} />
            {i18n.t('connectionPage.askAgain')}
          </Button>
        </div>
      </div>
    </section>
  )
}

function lineFrom(details: ConnectionDetails | undefined, reason: string | undefined) {
  return (read: (known: ConnectionDetails) => ComponentChildren): ComponentChildren => {
    if (details) return read(details)
    return reason === undefined ? <LineSkeleton /> : unavailable(reason)
  }
}

function LineSkeleton() {
  return <span class={useDelayed(true) ? 'skeleton skeleton-word' : 'skeleton-word'} />
}

function relayAnswer(relay: ConnectionDetails['relay']): string {
  if (!relay.ok) return unavailable(relay.reason)
  const status = i18n.t(relay.status === 'ok' ? 'connectionPage.working' : 'connectionPage.notWell')
  return i18n.t('connectionPage.answeredIn', { status, ms: Math.round(relay.ms) })
}

function unavailable(reason: string): string {
  return i18n.t('connectionPage.unavailable', { reason })
}
