import { MAX_REPLY_BYTES } from '#protocol/limits.ts'

/** From here on the reader is told how much room is left. */
export const NEAR_LIMIT = MAX_REPLY_BYTES * 0.9
/** UTF-8 needs at most this many bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3

/** How long a text is for the relay, in bytes. Short ones are not counted: they fit. client:CRP5 */
export function bytesOf(text: string): number {
  return text.length * BYTES_PER_UNIT < NEAR_LIMIT ? text.length : new TextEncoder().encode(text).length
}
