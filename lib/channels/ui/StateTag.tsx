import { Check, Clock, LoaderCircle, type LucideIcon, Pause, TriangleAlert, X } from 'lucide-preact'
import { i18n } from '#i18n'
import type { ChannelState } from '#protocol/channel.ts'
import { Tag } from '../../ui/Tag.tsx'

type Look = { kind: 'plain' | 'ok' | 'warn' | 'fail'; icon: LucideIcon }

const LOOKS: Record<ChannelState, Look> = {
  ok: { kind: 'ok', icon: Check },
  waiting_pairing: { kind: 'warn', icon: Clock },
  waiting_verification: { kind: 'warn', icon: Clock },
  connecting: { kind: 'plain', icon: LoaderCircle },
  degraded: { kind: 'warn', icon: TriangleAlert },
  conflict: { kind: 'warn', icon: TriangleAlert },
  auth_failed: { kind: 'fail', icon: X },
  not_configured: { kind: 'warn', icon: TriangleAlert },
  disabled: { kind: 'plain', icon: Pause },
}

export function StateTag({ state }: { state: ChannelState }) {
  const { kind, icon } = LOOKS[state]
  return (
    <Tag kind={kind} icon={icon}>
      {i18n.t(`channels.states.${state}`)}
    </Tag>
  )
}

/** Whether a channel waits for its owner to do something. */
export function needsOwner(state: ChannelState): boolean {
  return LOOKS[state].kind === 'warn' || LOOKS[state].kind === 'fail'
}
