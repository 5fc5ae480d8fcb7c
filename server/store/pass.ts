import type { PassRecord } from './port.ts'

/** How long a pass that expired is still told from one that never was, ms. relay:DEV1 */
export const PASS_TRACE_MS = 24 * 60 * 60_000

/** A clock that was set back does not lengthen the life of a pass. */
export function holds({ issuedAt, expiresAt }: Pick<PassRecord, 'issuedAt' | 'expiresAt'>, now: number): boolean {
  return now < expiresAt && now > issuedAt - (expiresAt - issuedAt)
}
