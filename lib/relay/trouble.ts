import { Failure } from '../messaging/failure.ts'
import type { Trouble } from './socketMachine.ts'

/** client:CDD10 */
const STORAGE_FULL = 'Storage full. Clean up to make room; new messages wait on the relay.'
const STORAGE_RETRY_MS = 60_000

/** What went wrong, in the words of the state machine. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Failure)
    return {
      code: error.code,
      reason: error.message,
      ...(error.retryAfter !== undefined && { retryAfterMs: error.retryAfter * 1000 }),
    }
  if (error instanceof DOMException && error.name === 'QuotaExceededError')
    return { code: 'storage_full', reason: STORAGE_FULL, retryAfterMs: STORAGE_RETRY_MS }
  return { code: 'internal', reason: error instanceof Error ? error.message : 'Something failed inside the extension.' }
}
