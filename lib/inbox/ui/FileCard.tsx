import { Download, FileText, LoaderCircle } from 'lucide-preact'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { fileSize } from '../../ui/time.ts'
import { cleanName, type FileProps, kindName } from './files.ts'
import { saveFile } from './saveFile.ts'
import { Unavailable } from './Unavailable.tsx'
import { useFile } from './useFile.ts'

/** Any file, to be saved. client:CAT2 */
export function FileCard({ message, file, time }: FileProps) {
  const fetched = useFile(message, file)
  const name = cleanName(file.filename, i18n.t('thread.file.noName'))
  const download = async (): Promise<void> => {
    const ready = fetched.state === 'ready' ? fetched : await fetched.load()
    if (ready) saveFile(ready.bytes, name)
  }
  if (fetched.state === 'failed') return <Unavailable file={file} reason={fetched.failure.message} again={download} />
  const busy = fetched.state === 'fetching'
  return (
    <button type="button" class="file" onClick={() => void download()} aria-busy={busy}>
      <span class="file-icon">
        <Icon of={FileText} size="lg" />
      </span>
      <span class="file-lines">
        <span class="truncate">
          <span class="sr">{busy ? i18n.t('thread.file.fetching') : i18n.t('thread.file.download', { name: '' })}</span>
          {name}
        </span>
        <Icon of={busy ? LoaderCircle : Download} spin={busy} class="faint" />
        <span class="caption faint">{i18n.t('thread.file.kinds', { kind: kindName(file), size: fileSize(file.size) })}</span>
        {time && <span class="caption faint">{time}</span>}
      </span>
    </button>
  )
}
