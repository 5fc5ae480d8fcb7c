import { i18n } from '#i18n'
import type { Connection } from '../state.ts'

const MINUTE_MS = 60_000

/** The connection in a sentence a person can act on: the reason if there is one. client:SOC3, SOC13, CDD10 */
export function statusText(connection: Connection | undefined, online: boolean): string {
  if (!connection) return i18n.t('connectionPage.texts.starting')
  const { state, reason } = connection
  if (state === 'stopped') return reason ?? i18n.t('connectionPage.texts.stopped')
  if (state === 'blocked') return reason ?? i18n.t('connectionPage.blocked.title')
  if (state === 'auth_error' || state === 'identity_lost') return reason ?? i18n.t(`connectionPage.texts.${state}`)
  if (!online && !connection.local) return i18n.t('connectionPage.texts.offline')
  if (connection.storageFull) return i18n.t('connectionPage.texts.full')
  if (connection.polling) return i18n.t('connectionPage.texts.polling')
  if (state === 'connected' && connection.older) return i18n.t('connectionPage.texts.older')
  if (state === 'connected' || state === 'connecting' || state === 'catching_up') return i18n.t(`connectionPage.texts.${state}`)
  return reason ?? i18n.t('connectionPage.texts.reconnecting')
}

/** client:CSG3: minutes worth mentioning, else `undefined`. */
export function clockMinutes(connection: Connection | undefined): number | undefined {
  const offset = Math.abs(connection?.clockOffsetMs ?? 0)
  return offset > MINUTE_MS ? Math.round(offset / MINUTE_MS) : undefined
}
