import { CircleAlert, Paperclip, X } from 'lucide-preact'
import { i18n } from '#i18n'
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS } from '#protocol/limits.ts'
import { Icon } from '../../ui/Icon.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { fileSize } from '../../ui/time.ts'
import type { Chosen, Refusal } from './outgoing.ts'

/** The files that go with the reply. */
export function ChosenFiles({ files, onRemove }: { files: readonly Chosen[]; onRemove: (id: string) => void }) {
  if (files.length === 0) return null
  return (
    <ul class="chosen" aria-label={i18n.t('composer.files')}>
      {files.map(({ id, file }) => (
        <li class="chosen-file" key={id}>
          <Icon of={Paperclip} size="sm" />
          <span class="truncate">{i18n.t('thread.file.sent', { name: file.name, size: fileSize(file.size) })}</span>
          <IconButton icon={X} size="sm" label={i18n.t('composer.removeFile', { name: file.name })} onClick={() => onRemove(id)} />
        </li>
      ))}
    </ul>
  )
}

/** The files that do not, each with the limit it broke. client:CAT6 */
export function RefusedFiles({ refused }: { refused: readonly Refusal[] }) {
  return (
    <>
      {refused.map(({ name, why }) => (
        <p class="hint hint-fail" role="alert" key={name}>
          <Icon of={CircleAlert} />
          <span>
            {why === 'too_many'
              ? i18n.t('composer.tooManyFiles', [MAX_ATTACHMENTS], { name })
              : i18n.t('composer.tooLarge', { name, limit: LIMIT })}
          </span>
        </p>
      ))}
    </>
  )
}

/** The limit is counted in binary megabytes, and said so. */
const LIMIT = `${MAX_ATTACHMENT_BYTES / 1024 / 1024} MiB`
