import { RelayError } from '#protocol/errors.ts'
import type { ServerFrame } from '#protocol/socket.ts'

/** A failure as a frame. What was not expected tells nothing about the inside. relay:ERR1, WS12 */
export function errorFrame(error: unknown): ServerFrame & { type: 'error' } {
  if (error instanceof RelayError) {
    const { retryAfter } = error.details
    return { type: 'error', error: error.message, code: error.code, ...(retryAfter !== undefined && { retryAfter }) }
  }
  return { type: 'error', error: 'The relay failed unexpectedly. Try again; its log tells more.', code: 'internal' }
}
