import { i18n } from '#i18n'
import { MAX_REPLY_BYTES } from '#protocol/limits.ts'

/** From here on the reader is told how much room is left. */
const NEAR = MAX_REPLY_BYTES * 0.9
/** UTF-8 needs at most this many bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3

/** How long a text is for the relay. Short ones are not counted: they fit. */
export function bytesOf(text: string): number {
  return text.length * BYTES_PER_UNIT < NEAR ? text.length : new TextEncoder().encode(text).length
}

/** Room left near the limit of 65,536 bytes, and how much is too much beyond it. client:CRP5 */
export function ByteCount({ text }: { text: string }) {
  const left = MAX_REPLY_BYTES - bytesOf(text)
  if (left > MAX_REPLY_BYTES - NEAR) return null
  return left >= 0 ? (
    <span class="caption faint num byte-count">{i18n.t('composer.bytesLeft', [left.toLocaleString()])}</span>
  ) : (
    <span class="caption num byte-count is-over" role="alert">
      {i18n.t('composer.tooLong', -left)}
    </span>
  )
}
