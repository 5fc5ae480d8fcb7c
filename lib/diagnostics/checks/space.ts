import type { Finding } from '../model.ts'
import type { Patient } from '../patient.ts'

type Found = Promise<Omit<Finding, 'check'>>

/** Parts of what the browser allows. */
const TIGHT = 0.8
const FULL = 0.95

/** As much as a long message takes. */
const TRIED_BYTES = 64 * 1024
const TRIED_KEY = 'doctor'

/** What the browser promises, and whether it keeps it: something is written and taken away again. client:CDD10 */
export async function checkSpace(patient: Patient): Found {
  const { usage, quota } = await patient.host.space()
  const refused = await isRefused(patient).catch(() => false)
  const figures = { usage: usage ?? 0, quota: quota ?? 0 }
  const part = usage !== undefined && quota ? usage / quota : undefined
  if (refused || (part !== undefined && part >= FULL)) return { outcome: 'fail', code: 'space.full', figures, fix: 'cleanUp' }
  if (part === undefined) return { outcome: 'ok', code: 'space.unknown' }
  return part >= TIGHT
    ? { outcome: 'warn', code: 'space.tight', figures, fix: 'cleanUp' }
    : { outcome: 'ok', code: 'space.used', figures }
}

async function isRefused({ open, record }: Patient): Promise<boolean> {
  if ((await record()).connection?.storageFull) return true
  const db = await open()
  try {
    await db.put('settings', { key: TRIED_KEY, value: 'x'.repeat(TRIED_BYTES) })
    await db.delete('settings', TRIED_KEY)
    return false
  } catch (error) {
    return error instanceof DOMException && error.name === 'QuotaExceededError'
  }
}

/** Off because somebody chose so is nothing to repair. client:INB4 */
export async function checkNotifications({ host }: Patient): Found {
  const { setting, profile, allowed } = await host.notifications()
  if (setting === 'ask') return { outcome: 'ok', code: 'notifications.notAsked', fix: 'allowNotifications' }
  if (setting === 'off' || !profile) return { outcome: 'ok', code: 'notifications.off', fix: 'allowNotifications' }
  return allowed ? { outcome: 'ok', code: 'notifications.on' } : { outcome: 'warn', code: 'notifications.refused' }
}
