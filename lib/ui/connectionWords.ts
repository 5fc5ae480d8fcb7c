import { Check, LoaderCircle, type LucideIcon, TriangleAlert, Unplug, WifiOff, X } from 'lucide-preact'
import { i18n } from '#i18n'
import type { Connection } from '../relay/state.ts'
import { clockTime, secondsLeft } from './time.ts'

export type StateWords = { kind: 'plain' | 'ok' | 'warn' | 'fail'; icon: LucideIcon; text: string; spin?: boolean }

/** What the connection is, in a few words. What stops messages from arriving comes before what merely delays them. client:SOC3, SOC13, CDD10 */
export function connectionWords(connection: Connection | undefined, online: boolean, now: number): StateWords {
  const waiting = { kind: 'plain', icon: LoaderCircle, spin: true } as const
  if (!connection) return { ...waiting, text: i18n.t('connection.starting') }
  switch (connection.state) {
    case 'blocked':
      return { kind: 'fail', icon: X, text: i18n.t('connection.blocked') }
    case 'auth_error':
      return { kind: 'fail', icon: X, text: i18n.t('connection.auth_error') }
    case 'identity_lost':
      return { kind: 'fail', icon: X, text: i18n.t('connection.identity_lost') }
    case 'stopped':
      return { kind: 'plain', icon: Unplug, text: i18n.t('connection.stopped') }
    default:
  }
  if (!online && !connection.local)
    return { kind: 'warn', icon: WifiOff, text: i18n.t('connection.offline', { time: clockTime(connection.since) }) }
  if (connection.storageFull) return { kind: 'warn', icon: TriangleAlert, text: i18n.t('connection.full') }
  if (connection.polling) return { kind: 'warn', icon: TriangleAlert, text: i18n.t('connection.polling') }
  switch (connection.state) {
    case 'connected':
      if (connection.older) return { kind: 'warn', icon: TriangleAlert, text: i18n.t('connection.older') }
      return { kind: 'ok', icon: Check, text: i18n.t('connection.connected') }
    case 'connecting':
      return { ...waiting, text: i18n.t('connection.connecting') }
    case 'catching_up':
      return {
        ...waiting,
        text: connection.behind ? i18n.t('connection.behind', connection.behind) : i18n.t('connection.catching_up'),
      }
    case 'reconnecting': {
      const left = connection.retryAt === undefined ? 0 : secondsLeft(connection.retryAt, now)
      return {
        kind: 'warn',
        icon: LoaderCircle,
        spin: true,
        text: left > 0 ? i18n.t('connection.retryIn', { seconds: left }) : i18n.t('connection.reconnecting'),
      }
    }
  }
}
