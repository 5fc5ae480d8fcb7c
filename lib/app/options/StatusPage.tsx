import { Activity, TriangleAlert } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { browser } from 'wxt/browser'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { channelTitle, lastInbound } from '../../channels/facts.ts'
import { StateTag } from '../../channels/ui/StateTag.tsx'
import { type StatusLine, StatusPart } from '../../diagnostics/ui/StatusPart.tsx'
import { Fingerprint } from '../../relay/ui/Fingerprint.tsx'
import { statusText } from '../../relay/ui/statusText.ts'
import { Banner } from '../../ui/Banner.tsx'
import { channelName } from '../../ui/channelName.ts'
import { connectionWords, type StateWords } from '../../ui/connectionWords.ts'
import { Icon } from '../../ui/Icon.tsx'
import { moment } from '../../ui/moment.ts'
import { useNow } from '../../ui/now.ts'
import { useOnline } from '../../ui/online.ts'
import { href } from '../../ui/router.ts'
import { Tag } from '../../ui/Tag.tsx'
import type { PageContext } from '../page.ts'
import { profileTitle } from '../profileTitle.ts'
import { attention } from './NavLinks.tsx'
import { PageHead } from './PageHead.tsx'
import type { Shared } from './shared.ts'
import { type Known, useStatusFacts } from './statusFacts.ts'

/** Of a user id, as many characters as tell sessions apart. client:STA1 */
const USER_ID_SHOWN = 8
const MINUTE_MS = 60_000

/** Everything about this profile and its relay at one glance. client:STA1, STA2 */
export function StatusPage({ page, shared }: { page: PageContext; shared: Shared }) {
  const facts = useStatusFacts(page, shared)
  const forgotten = ready(facts.session)?.forgotten ?? 0
  const needing = attention(shared)
  return (
    <>
      <PageHead
        title={i18n.t('options.status')}
        actions={
          <a class="btn" href={href('diagnostics')}>
            <Icon of={Activity} />
            {i18n.t('status.check')}
          </a>
        }
      >
        {i18n.t('status.intro')}
      </PageHead>
      {forgotten > 0 && (
        <Banner
          kind="warn"
          icon={TriangleAlert}
          actions={
            <a class="btn btn-sm" href={href('channels')}>
              {i18n.t('doctor.fixes.openChannels')}
            </a>
          }
        >
          {i18n.t('doctor.channels.forgotten', forgotten)}
        </Banner>
      )}
      <div class="two two-860">
        <StatusPart id="this" title={i18n.t('about.product')} lines={useOwnLines(shared, facts)} />
        <StatusPart id="line" title={i18n.t('options.connection')} lines={useLineLines(shared, facts)} />
      </div>
      <StatusPart id="relay" title={i18n.t('connectionPage.relay')} lines={relayLines(shared, facts)} />
      <StatusPart
        id="channels"
        title={i18n.t('options.channels')}
        note={needing > 0 ? i18n.t('channels.needYou', needing) : undefined}
        lines={useChannelLines(shared)}
      />
    </>
  )
}

type Facts = ReturnType<typeof useStatusFacts>

function useOwnLines(shared: Shared, { details, session, mode }: Facts): StatusLine[] {
  const refused = shared.connection.value?.now?.state === 'auth_error'
  return [
    { name: i18n.t('about.version'), value: browser.runtime.getManifest().version },
    { name: i18n.t('status.profile'), value: shared.profile.value && profileTitle(shared.profile.value.name) },
    {
      name: i18n.t('status.key'),
      value: line(details, ({ ownFingerprint, backup }) =>
        ownFingerprint && backup ? i18n.t(`identity.backups.${backup}`) : i18n.t('doctor.key.lost'),
      ),
    },
    {
      name: i18n.t('connectionPage.you'),
      value: line(details, ({ userId }) =>
        userId ? <code dir="ltr">{userId.slice(0, USER_ID_SHOWN)}</code> : i18n.t('connectionPage.youUnknown'),
      ),
    },
    {
      name: i18n.t('doctor.checks.token'),
      value: line(session, ({ stored }) =>
        i18n.t(`status.token.${refused ? 'refused' : stored?.bearer ? 'pasted' : stored ? 'held' : 'none'}`),
      ),
    },
    { name: i18n.t('options.approvals'), value: line(mode, (chosen) => i18n.t(`approvals.mode.${chosen}`)) },
  ]
}

function useLineLines(shared: Shared, { head }: Facts): StatusLine[] {
  const online = useOnline()
  const now = useNow(1000)
  const connection = shared.connection.value?.now
  const known = shared.connection.value !== undefined
  const stopped = connection?.state === 'stopped'
  return [
    {
      name: i18n.t('status.state'),
      href: href('connection'),
      value: known ? <State {...connectionWords(connection, online, now)} /> : undefined,
    },
    { name: i18n.t('status.since'), value: known ? (connection ? moment(connection.since, now) : '-') : undefined },
    { name: i18n.t('status.why'), value: known ? statusText(connection, online) : undefined },
    {
      name: i18n.t('status.next'),
      value: known ? (connection?.retryAt ? moment(connection.retryAt, now) : i18n.t('status.notNeeded')) : undefined,
    },
    {
      name: i18n.t('status.poll'),
      value: known
        ? stopped
          ? i18n.t('status.noPoll')
          : i18n.t('status.pollEvery', { seconds: connection?.state === 'connected' ? 120 : 60 })
        : undefined,
    },
    {
      name: i18n.t('connectionPage.readUpTo'),
      value: line(head, (at) => i18n.t('status.lag', { read: at.read, head: at.head, missing: Math.max(0, at.head - at.read) })),
    },
  ]
}

function relayLines(shared: Shared, { details }: Facts): StatusLine[] {
  return [
    {
      name: i18n.t('connectionPage.address'),
      value: shared.profile.value && <code dir="ltr">{shared.profile.value.relayUrl}</code>,
    },
    {
      name: i18n.t('connectionPage.answered'),
      value: line(details, ({ relay }) =>
        relay.ok
          ? i18n.t('connectionPage.answeredIn', {
              status: i18n.t(relay.status === 'ok' ? 'connectionPage.working' : 'connectionPage.notWell'),
              ms: relay.ms,
            })
          : i18n.t('connectionPage.unavailable', { reason: relay.reason }),
      ),
    },
    { name: i18n.t('connectionPage.version'), value: line(details, ({ relay }) => (relay.ok ? relay.version : '-')) },
    {
      name: i18n.t('connectionPage.relayKey'),
      value: line(details, ({ fingerprint }) =>
        fingerprint ? <Fingerprint value={fingerprint} /> : i18n.t('connectionPage.notPinned'),
      ),
    },
  ]
}

function State({ kind, icon, text }: StateWords) {
  return (
    <Tag kind={kind} icon={icon}>
      {text}
    </Tag>
  )
}

function useChannelLines(shared: Shared): StatusLine[] {
  const now = useNow(MINUTE_MS)
  const channels = shared.channels.value
  if (channels?.length === 0) return [{ name: i18n.t('options.channels'), value: i18n.t('doctor.channels.none') }]
  return (channels ?? []).map(({ id, config }) => ({
    name: channelTitle(config) || channelName(config.type),
    href: href('channels', 'at', id),
    value: (
      <span class="status-channel">
        <StateTag state={config.enabled ? config.status.state : 'disabled'} />
        {lastHeard(config, now)}
      </span>
    ),
  }))
}

/** Of what kind it is, and when it was last heard of. */
function lastHeard(config: ChannelConfig, now: number): string {
  const name = channelName(config.type)
  const at = lastInbound(config)
  if (at === undefined) return i18n.t('channels.subNone', { type: name })
  return i18n.t('channels.sub', { type: name, last: `${i18n.t('channels.last')} `, time: moment(at, now) })
}

function ready<T>(known: Known<T>): T | undefined {
  return known && 'value' in known ? known.value : undefined
}

function line<T>(known: Known<T>, words: (value: T) => ComponentChildren): StatusLine['value'] {
  if (!known || 'unavailable' in known) return known
  return words(known.value)
}
