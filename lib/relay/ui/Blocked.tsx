import { Inbox, Pause, ShieldAlert, Users, X } from 'lucide-preact'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { longDay } from '../../ui/moment.ts'
import { Tag } from '../../ui/Tag.tsx'
import { clockTime } from '../../ui/time.ts'
import type { ConnectionActions } from './details.ts'
import { Fingerprint } from './Fingerprint.tsx'
import { TrustForm } from './TrustForm.tsx'

type Props = {
  profileName: string
  since: number
  trusted: { fingerprint: string; pinnedAt: number } | undefined
  /** The fingerprint of the key it shows now. */
  offered: string | undefined
  waitingReplies: number
  /** Profiles that go on meanwhile, by name. */
  others: readonly string[]
  actions: Pick<ConnectionActions, 'trustNewKey' | 'keepPinnedKey'>
}

/** The relay shows another key: both fingerprints, what it may mean, and the decision. client:PIN4, PIN5, REC6 */
export function Blocked({ profileName, since, trusted, offered, waitingReplies, others, actions }: Props) {
  return (
    <>
      <section class="blocked card" aria-labelledby="page-title">
        <header>
          <Icon of={ShieldAlert} />
          <div>
            <h1 id="page-title" tabIndex={-1}>
              {i18n.t('connectionPage.blocked.title')}
            </h1>
            <p>{i18n.t('connectionPage.blocked.text', { name: profileName, time: clockTime(since) })}</p>
          </div>
        </header>
        <div class="stack blocked-body">
          <div class="two">
            <div class="stack wizard-gap">
              <p class="row-line">
                <b>{i18n.t('connectionPage.blocked.trusted')}</b>
                {trusted && <Tag>{i18n.t('connectionPage.sinceDay', { day: longDay(trusted.pinnedAt, Date.now()) })}</Tag>}
              </p>
              {trusted ? <Fingerprint value={trusted.fingerprint} /> : <div class="fp-space" />}
            </div>
            <div class="stack wizard-gap">
              <p class="row-line">
                <b>{i18n.t('connectionPage.blocked.shown')}</b>
                <Tag kind="fail" icon={X}>
                  {i18n.t('connectionPage.blocked.another')}
                </Tag>
              </p>
              {offered ? <Fingerprint value={offered} changed /> : <div class="fp-space" />}
            </div>
          </div>
          <div class="why">
            <div class="two">
              <div>
                <h2>{i18n.t('connectionPage.blocked.harmless')}</h2>
                <p class="muted">{i18n.t('connectionPage.blocked.harmlessText')}</p>
              </div>
              <div>
                <h2>{i18n.t('connectionPage.blocked.attack')}</h2>
                <p class="muted">{i18n.t('connectionPage.blocked.attackText')}</p>
              </div>
            </div>
            <p class="muted wiped">{i18n.t('connectionPage.blocked.wiped')}</p>
          </div>
          {offered && <TrustForm offered={offered} actions={actions} />}
        </div>
      </section>
      <section class="section" aria-labelledby="still">
        <div class="section-head">
          <h2 id="still">{i18n.t('connectionPage.blocked.while')}</h2>
        </div>
        <ul class="card still">
          <li>
            <Icon of={Pause} />
            <span>{i18n.t('connectionPage.blocked.replies', waitingReplies)}</span>
          </li>
          <li>
            <Icon of={Inbox} />
            <span>{i18n.t('connectionPage.blocked.readable')}</span>
          </li>
          {others.length > 0 && (
            <li>
              <Icon of={Users} />
              <span>{i18n.t('connectionPage.blocked.others', { names: new Intl.ListFormat().format(others) })}</span>
            </li>
          )}
        </ul>
      </section>
    </>
  )
}
