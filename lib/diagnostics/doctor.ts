import { Failure } from '../messaging/failure.ts'
import { sleep } from '../platform/timers.ts'
import { checkBackground } from './checks/background.ts'
import { checkChannels } from './checks/channels.ts'
import { checkClock, checkFeatures, checkPin, checkReach } from './checks/relay.ts'
import { checkSocket } from './checks/socket.ts'
import { checkNotifications, checkSpace } from './checks/space.ts'
import { checkAddress, checkKey, checkStorage } from './checks/storage.ts'
import { checkToken } from './checks/token.ts'
import type { DoctorHost } from './host.ts'
import type { CheckName, Finding } from './model.ts'
import { createPatient, type Patient } from './patient.ts'

/** Longer than a request may take (client:HTE1). */
const CHECK_WITHIN_MS = 20_000

type Check = (patient: Patient) => Promise<Omit<Finding, 'check'>>

/** In the order they run: what answers at the address has to be known before its clock and features can be believed. */
const CHECKS: readonly [CheckName, needs: readonly CheckName[], Check][] = [
  ['storage', [], checkStorage],
  ['address', ['storage'], checkAddress],
  ['key', ['storage'], checkKey],
  ['reach', ['address'], checkReach],
  ['pin', ['address'], checkPin],
  ['clock', ['reach', 'pin'], checkClock],
  ['features', ['reach', 'pin'], checkFeatures],
  ['token', ['key', 'reach', 'pin'], checkToken],
  ['background', ['storage'], checkBackground],
  ['socket', ['key', 'reach', 'pin', 'token', 'background'], checkSocket],
  ['channels', ['token'], checkChannels],
  ['space', [], checkSpace],
  ['notifications', ['storage', 'background'], checkNotifications],
]

/** Looks at every part a message passes, tells each finding as it is made, and never throws. client:DOC1-DOC3 */
export async function examine(host: DoctorHost, tell: (finding: Finding) => void): Promise<void> {
  const patient = createPatient(host)
  const missing = new Set<CheckName>()
  for (const [check, needs, run] of CHECKS) {
    const unmet = needs.find((one) => missing.has(one))
    const finding: Finding = unmet
      ? { check, outcome: 'skip', code: 'skipped', needs: unmet }
      : { check, ...(await within(host, run(patient)).catch(crashed)) }
    if (finding.outcome === 'fail' || finding.outcome === 'skip') missing.add(check)
    tell(finding)
  }
  patient.close()
}

async function within<T>({ network: { timers } }: DoctorHost, work: Promise<T>): Promise<T> {
  const late = sleep(timers, CHECK_WITHIN_MS).then(() => Promise.reject(new Failure('late', 'This check did not come to an end.')))
  late.catch(() => undefined)
  return Promise.race([work, late])
}

function crashed(error: unknown): Omit<Finding, 'check'> {
  return {
    outcome: 'fail',
    code: 'crashed',
    words: { reason: error instanceof Error ? error.message : String(error) },
    fix: 'retry',
  }
}
