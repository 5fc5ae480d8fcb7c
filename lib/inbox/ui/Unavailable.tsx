import { CircleAlert } from 'lucide-preact'
import { i18n } from '#i18n'
import type { Attachment } from '#protocol/message.ts'
import { Icon } from '../../ui/Icon.tsx'
import { cleanName } from './files.ts'

/** A file that did not come: which, why, and another try. client:CAT4 */
export function Unavailable({ file, reason, again }: { file: Attachment; reason: string; again: () => Promise<unknown> }) {
  const name = cleanName(file.filename, i18n.t('thread.file.noName'))
  return (
    <p class="meta-fail">
      <Icon of={CircleAlert} />
      {/* The core names the file in what it says; anything else does not. */}
      {reason.includes(file.filename) ? reason : i18n.t('thread.file.unavailable', { name, reason })}{' '}
      <button type="button" class="link-btn" onClick={() => void again()}>
        {i18n.t('thread.file.again')}
      </button>
    </p>
  )
}
