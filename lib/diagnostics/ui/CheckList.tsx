import { Check, LoaderCircle, type LucideIcon, Minus, TriangleAlert, X } from 'lucide-preact'
import { useId } from 'preact/hooks'
import { i18n } from '#i18n'
import { channelName } from '../../ui/channelName.ts'
import { Icon } from '../../ui/Icon.tsx'
import { href } from '../../ui/router.ts'
import { type ChannelFinding, checkNames, type Finding, type Outcome } from '../model.ts'
import { FixButton } from './FixButton.tsx'
import { findingWords } from './findingWords.ts'
import type { FixActions } from './fixes.ts'

const ICONS: Record<Outcome, LucideIcon> = { ok: Check, warn: TriangleAlert, fail: X, skip: Minus }
const LINKED = ['auth_failed', 'waiting_pairing', 'waiting_verification'] as const

type Props = {
  findings: readonly Finding[]
  /** Those without a finding are still being made. */
  whole: boolean
  actions: FixActions
  fixed: () => void
}

/** Every check with its mark, what it found, and what helps. client:DOC1, DOC2 */
export function CheckList({ findings, whole, actions, fixed }: Props) {
  return (
    <ol class="card checks">
      {checkNames.map((name) => {
        const finding = findings.find(({ check }) => check === name)
        if (!finding && !whole) return null
        return finding ? (
          <Line key={name} finding={finding} actions={actions} fixed={fixed} />
        ) : (
          <li key={name} class="check is-skip">
            <Mark />
            <div class="check-line">
              <b>{i18n.t(`doctor.checks.${name}`)}</b>
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function Line({ finding, actions, fixed }: { finding: Finding; actions: FixActions; fixed: () => void }) {
  const id = useId()
  const { check, outcome, channels = [], fix } = finding
  const needy = channels.filter((channel) => channel.outcome !== 'ok')
  return (
    <>
      <li class={`check ${outcome === 'skip' ? 'is-skip' : outcome}`} data-check={check}>
        <Mark outcome={outcome} />
        <div class="check-line" id={id}>
          <b>{i18n.t(`doctor.checks.${check}`)}</b>
          <span class={check === 'address' && outcome === 'ok' ? 'detail mono' : 'detail'}>{findingWords(finding)}</span>
        </div>
        {fix && needy.length === 0 && <FixButton key={fix} fix={fix} actions={actions} fixed={fixed} describedBy={id} />}
      </li>
      {needy.map((channel) => (
        <ChannelLine key={channel.id} channel={channel} />
      ))}
    </>
  )
}

/** A channel that waits for its owner; the channels page has what it needs. */
function ChannelLine({ channel: { type, name, state, detail, outcome } }: { channel: ChannelFinding }) {
  const id = useId()
  const fix = LINKED.find((one) => one === state) ?? 'other'
  return (
    <li class={`check check-sub ${outcome}`}>
      <Mark outcome={outcome} />
      <div class="check-line" id={id}>
        <b class="truncate">{name ? `${channelName(type)}: ${name}` : channelName(type)}</b>
        <span class="detail">{detail ?? i18n.t(`channels.states.${state}`)}</span>
      </div>
      <div class="fix">
        <a class="btn btn-sm" href={href('channels')} aria-describedby={id}>
          {i18n.t(`doctor.channelFixes.${fix}`)}
        </a>
      </div>
    </li>
  )
}

function Mark({ outcome }: { outcome?: Outcome }) {
  return (
    <span class="check-mark">
      {outcome ? <Icon of={ICONS[outcome]} /> : <Icon of={LoaderCircle} spin />}
      <span class="sr">{i18n.t(`doctor.outcome.${outcome ?? 'wait'}`)}</span>
    </span>
  )
}
