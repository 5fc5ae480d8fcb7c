import { Check, Clock, LoaderCircle, type LucideIcon, X } from 'lucide-preact'
import { i18n } from '#i18n'
import { clockTime } from '../../ui/time.ts'
import { type ApprovalRow, ranOut } from '../model.ts'

export type StandingWords = { kind: 'plain' | 'ok' | 'warn' | 'fail'; icon: LucideIcon; text: string; more?: string }

/** Where a request stands, in a few words, and why. */
export function standingWords(row: ApprovalRow, now: number): StandingWords {
  const { standing } = row
  if (ranOut(row, now)) return { kind: 'warn', icon: Clock, text: i18n.t('approvals.standing.timeout') }
  const by = 'by' in standing ? byWords(standing.by) : ''
  const lapsed: StandingWords = { kind: 'plain', icon: Clock, text: i18n.t('approvals.standing.expired', { by }) }
  switch (standing.state) {
    case 'new':
    case 'asking':
      return { kind: 'warn', icon: Clock, text: i18n.t('approvals.standing.waiting', { time: clockTime(row.expiresAt) }) }
    case 'deciding':
      return { kind: 'plain', icon: LoaderCircle, text: i18n.t(`approvals.standing.telling_${standing.decision}`) }
    case 'denied':
      if (standing.by !== 'extension' && standing.by !== 'relay')
        return { kind: 'fail', icon: X, text: i18n.t('approvals.standing.denied', { by }) }
      return {
        kind: 'fail',
        icon: X,
        text: i18n.t('approvals.standing.notAsked'),
        ...(standing.reason && { more: standing.reason }),
      }
    case 'allowed':
      return row.expiresAt <= now ? lapsed : allowed(row, i18n.t('approvals.standing.allowed', { by }))
    case 'used':
      return allowed(row, i18n.t('approvals.standing.used', { by }))
    case 'expired':
      return lapsed
  }
}

function allowed({ standing }: ApprovalRow, text: string): StandingWords {
  const why = 'by' in standing && standing.by === 'mode' ? standing.reason : undefined
  return { kind: 'ok', icon: Check, text, ...(why && { more: why }) }
}

const KNOWN = [
  'popup',
  'options',
  'notification',
  'telegram',
  'discord',
  'slack',
  'email',
  'client',
  'mode',
  'extension',
  'relay',
] as const

/** Where the person decided; what another program calls itself is shown as it is. */
export function byWords(by: string): string {
  const known = KNOWN.find((one) => one === by)
  return known ? i18n.t(`approvals.by.${known}`) : by
}
