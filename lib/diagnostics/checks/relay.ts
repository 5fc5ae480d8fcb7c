import { Failure } from '../../messaging/failure.ts'
import type { HealthProbe } from '../../relay/probe.ts'
import { isLocalRelay } from '../../relay/url.ts'
import type { Finding } from '../model.ts'
import type { Patient } from '../patient.ts'

type Found = Promise<Omit<Finding, 'check'>>

/** client:DOC1 */
const CLOCK_WARN_MS = 60_000
const CLOCK_FAIL_MS = 300_000
/** Without these nothing goes. client:LEG1 */
const NEEDED = ['sig2', 'ws2'] as const
/** What this version makes use of where a relay has it. relay:HLT1 */
const USED = [...NEEDED, 'ticket', 'attachments', 'device-link', 'server-sig'] as const

/** Whether a relay answers at the address, and how fast. client:ARC6 */
export async function checkReach({ host, probe, relay }: Patient): Found {
  let found: HealthProbe
  try {
    found = await probe()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const { url } = await relay()
    if (await host.localRefused()) return { outcome: 'fail', code: 'reach.browserBlocks', fix: 'allowLocal' }
    if (error.code === 'network' && (await host.isAnswered(`${url}/health`)))
      return { outcome: 'fail', code: 'reach.stranger', fix: 'changeAddress' }
    const words = { host: new URL(url).host }
    return { outcome: 'fail', code: 'reach.silent', figures: { local: Number(isLocalRelay(url)) }, words, fix: 'retry' }
  }
  const { ms, answer } = found
  if (answer.kind === 'stranger') return { outcome: 'fail', code: 'reach.stranger', fix: 'changeAddress' }
  if (answer.kind !== 'relay') return { outcome: 'ok', code: 'reach.answered', figures: { ms } }
  const { status, version, uptime } = answer.health
  const figures = { ms, uptimeHours: Math.floor(uptime / 3600) }
  return status === 'ok'
    ? { outcome: 'ok', code: 'reach.answered', figures, words: { version } }
    : { outcome: 'warn', code: 'reach.unwell', figures, words: { version }, fix: 'retry' }
}

/** client:PIN4 */
export async function checkPin({ pin, probe }: Patient): Found {
  const known = await pin()
  if (known?.offered) return { outcome: 'fail', code: 'pin.other', fix: 'compareKeys' }
  const found = await probe().catch(() => undefined)
  if (!found || found.answer.kind === 'stranger') return { outcome: 'skip', code: 'skipped', needs: 'reach' }
  if (found.answer.kind === 'older') return { outcome: 'warn', code: 'pin.older', fix: 'updateRelay' }
  if (found.answer.kind === 'foreign') return { outcome: 'fail', code: 'pin.other', fix: 'compareKeys' }
  if (!known) return { outcome: 'warn', code: 'pin.none', fix: 'connect' }
  return { outcome: 'ok', code: 'pin.same', figures: { pinnedAt: known.pinnedAt } }
}

/** client:CSG3 */
export async function checkClock({ probe }: Patient): Found {
  const { answer } = await probe()
  if (answer.kind === 'older') return { outcome: 'skip', code: 'skipped', needs: 'features' }
  if (answer.kind !== 'relay') return { outcome: 'skip', code: 'skipped', needs: 'reach' }
  const off = Math.abs(answer.aheadMs)
  const figures = { seconds: Math.round(off / 1000) }
  if (off <= CLOCK_WARN_MS) return { outcome: 'ok', code: 'clock.right', figures }
  const outcome = off > CLOCK_FAIL_MS ? 'fail' : 'warn'
  return { outcome, code: answer.aheadMs > 0 ? 'clock.behind' : 'clock.ahead', figures, fix: 'setClock' }
}

export async function checkFeatures({ probe }: Patient): Found {
  const { answer } = await probe()
  if (answer.kind === 'older') return { outcome: 'warn', code: 'features.older', fix: 'updateRelay' }
  if (answer.kind !== 'relay') return { outcome: 'skip', code: 'skipped', needs: 'reach' }
  const { features } = answer.health
  const missing = USED.filter((one) => !features.includes(one))
  const figures = { used: USED.length, missing: missing.length }
  if (missing.length === 0) return { outcome: 'ok', code: 'features.all', figures }
  const words = { names: missing.join(', ') }
  if (NEEDED.some((one) => !features.includes(one)))
    return { outcome: 'fail', code: 'features.old', figures, words, fix: 'updateRelay' }
  return { outcome: 'warn', code: 'features.some', figures, words, fix: 'updateRelay' }
}
