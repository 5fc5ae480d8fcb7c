import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { safetyGroups, safetyText } from '#protocol/safetyNumber.ts'
import { FINGERPRINT_KEY, fingerprintOf } from '../auth/serverKey.ts'
import { peekMeta, peekSessions } from '../store/sqlite/peek.ts'
import { STORE_FILE } from './storage.ts'

/** The fingerprint of the relay whose data lies in `dataDir`, running or not; `undefined` before its first start. */
export const readFingerprint = (dataDir: string): string | undefined => peekMeta(join(dataDir, STORE_FILE), FINGERPRINT_KEY)

export type SafetyAnswer = { state: 'found'; userId: string; number: string } | { state: 'unknown' | 'several' | 'keyless' }

/** The safety number of one session of the relay with this fingerprint. It tells of the client's key no more than that. client:SAF5, relay:REG8 */
export function readSafetyNumber(dataDir: string, fingerprint: string, beginning: string): SafetyAnswer {
  const [session, another] = peekSessions(join(dataDir, STORE_FILE), beginning)
  if (!session) return { state: 'unknown' }
  if (another) return { state: 'several' }
  if (!session.publicKey) return { state: 'keyless' }
  return { state: 'found', userId: session.userId, number: safetyGroups(hash(fingerprint), hash(fingerprintOf(session.publicKey))) }
}

function hash(fingerprint: string): Uint8Array {
  return createHash('sha512').update(safetyText(fingerprint)).digest()
}
