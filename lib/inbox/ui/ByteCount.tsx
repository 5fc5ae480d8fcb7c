import { i18n } from '#i18n'
import { MAX_REPLY_BYTES } from '#protocol/limits.ts'
import { bytesOf, NEAR_LIMIT } from './bytes.ts'

/** Room left near the limit of 65,536 bytes, and how much is too much beyond it. client:CRP5 */
export function ByteCount({ text }: { text: string }) {
  const left = MAX_REPLY_BYTES - bytesOf(text)
  if (left > MAX_REPLY_BYTES - NEAR_LIMIT) return null
  return left >= 0 ? (
    <span class="caption faint num byte-count">{i18n.t('composer.bytesLeft', [left.toLocaleString()])}</span>
  ) : (
    <span class="caption num byte-count is-over" role="alert">
      {i18n.t('composer.tooLong', -left)}
    </span>
  )
}
