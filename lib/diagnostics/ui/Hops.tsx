import {
  Check,
  CircleAlert,
  Globe,
  LoaderCircle,
  type LucideIcon,
  Minus,
  Monitor,
  Plug,
  Server,
  TriangleAlert,
  X,
} from 'lucide-preact'
import { i18n } from '#i18n'
import { Banner } from '../../ui/Banner.tsx'
import { ChannelGlyph } from '../../ui/ChannelMark.tsx'
import { channelName } from '../../ui/channelName.ts'
import { Icon } from '../../ui/Icon.tsx'
import { breakOf, type Hop, type HopName, hopsOf } from '../hops.ts'
import { type ChannelFinding, type Finding, isIssue, type Outcome } from '../model.ts'
import { FixButton } from './FixButton.tsx'
import { findingWords } from './findingWords.ts'
import type { FixActions } from './fixes.ts'

const ICONS: Record<HopName, LucideIcon> = { browser: Monitor, network: Globe, relay: Server, channels: Plug }
const BADGES: Record<Outcome, LucideIcon> = { ok: Check, warn: TriangleAlert, fail: X, skip: Minus }
/** More do not fit beside each other on the widest page. */
const MOST_MARKS = 6

type Props = { findings: readonly Finding[]; complete: boolean; actions: FixActions; fixed: () => void }

/** The stations of a message in a row, and at which one it stops. client:DOC2 */
export function Hops({ findings, complete, actions, fixed }: Props) {
  const stop = complete ? breakOf(findings) : undefined
  const others = findings.filter(isIssue).length - 1
  return (
    <section class="card" aria-labelledby="where">
      <h2 id="where" class="sr">
        {i18n.t('doctor.where')}
      </h2>
      <ol class="hops">
        {hopsOf(findings).map((hop) => (
          <Station key={hop.name} hop={hop} findings={findings} complete={complete} />
        ))}
      </ol>
      {stop && (
        <div class="hop-break">
          <Banner
            kind="fail"
            icon={CircleAlert}
            strip
            actions={
              stop.finding.fix && <FixButton key={stop.finding.fix} fix={stop.finding.fix} actions={actions} fixed={fixed} />
            }
          >
            <b>{i18n.t(`doctor.breaks.${stop.hop}`)}</b> {breakWords(stop.finding)}
            {others > 0 && <span class="break-more muted">{i18n.t('doctor.others', others)}</span>}
          </Banner>
        </div>
      )}
    </section>
  )
}

/** What stops messages: the channel itself where there is one. */
function breakWords(finding: Finding): string {
  const channel = finding.channels?.find(({ outcome }) => outcome === 'fail')
  if (!channel) return `${i18n.t(`doctor.checks.${finding.check}`)}: ${findingWords(finding)}`
  return `${channelTitle(channel)}: ${channel.detail ?? i18n.t(`channels.states.${channel.state}`)}`
}

function Station({ hop, findings, complete }: { hop: Hop; findings: readonly Finding[]; complete: boolean }) {
  const { name, outcome } = hop
  const channels = findings.find(({ check }) => check === 'channels')?.channels ?? []
  const marked = name === 'channels' && channels.length > 0
  const shown = complete || outcome === 'fail' ? outcome : 'wait'
  return (
    <li class={`hop ${shown === 'skip' ? 'is-skip' : shown}${marked ? ' wide' : ''}`}>
      {marked ? (
        <span class="hop-marks">
          {channels.slice(0, MOST_MARKS).map((channel) => (
            <ChannelStation key={channel.id} channel={channel} />
          ))}
        </span>
      ) : (
        <span class="hop-icon">
          <Icon of={ICONS[name]} size="lg" />
          <span class="badge">{shown === 'wait' ? <Icon of={LoaderCircle} spin /> : <Icon of={BADGES[shown]} />}</span>
        </span>
      )}
      <div>
        <b>{i18n.t(`doctor.hops.${name}`)}</b>
        <span class="d">{shown === 'wait' ? i18n.t('doctor.hops.waiting') : stationWords(hop, findings)}</span>
      </div>
    </li>
  )
}

function channelTitle({ type, name }: ChannelFinding): string {
  return name ? `${channelName(type)} “${name}”` : channelName(type)
}

function ChannelStation({ channel }: { channel: ChannelFinding }) {
  const { type, outcome } = channel
  const title = channelTitle(channel)
  return (
    <span class={`hop-icon ch-${type}${outcome === 'ok' ? '' : ' bad'}`}>
      <ChannelGlyph type={type} />
      <span class="badge">
        <Icon of={BADGES[outcome]} />
      </span>
      <span class="sr">{i18n.t(outcome === 'ok' ? 'doctor.hops.works' : 'doctor.hops.broken', { name: title })}</span>
    </span>
  )
}

function stationWords({ name, outcome, worst }: Hop, findings: readonly Finding[]): string {
  if (outcome === 'skip') return i18n.t('doctor.hops.notReached')
  if (worst) return findingWords(worst)
  const figures = (check: Finding['check']) => findings.find((finding) => finding.check === check)?.figures ?? {}
  switch (name) {
    case 'browser':
      return i18n.t('doctor.hops.fine')
    case 'network':
      return i18n.t('doctor.hops.answered', { ms: Math.max(1, Math.round(figures('reach').ms ?? 0)) })
    case 'relay':
      return i18n.t('doctor.hops.key')
    case 'channels':
      return i18n.t('doctor.hops.count', figures('channels').channels ?? 0)
  }
}
