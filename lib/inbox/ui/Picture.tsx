import { Download } from 'lucide-preact'
import { useContext, useEffect } from 'preact/hooks'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { FileCard } from './FileCard.tsx'
import { cleanName, type FileProps } from './files.ts'
import { saveFile } from './saveFile.ts'
import { Unavailable } from './Unavailable.tsx'
import { useFile } from './useFile.ts'
import { useObjectUrl } from './useObjectUrl.ts'
import { ViewerContext } from './Viewer.tsx'

/** An image in its bubble; pressed, it opens large. client:CAT2, PIC1 */
export function Picture({ message, file, time }: FileProps) {
  const fetched = useFile(message, file)
  const open = useContext(ViewerContext)
  const { load } = fetched
  useEffect(() => void load(), [load])
  const ready = fetched.state === 'ready' && fetched.preview ? fetched : undefined
  const url = useObjectUrl(ready?.bytes, ready?.mimeType ?? '')

  if (fetched.state === 'failed') return <Unavailable file={file} reason={fetched.failure.message} again={load} />
  if (fetched.state === 'ready' && !fetched.preview) return <FileCard message={message} file={file} time={time} />
  const name = cleanName(file.filename, i18n.t('thread.file.noName'))
  return (
    <figure class="picture">
      {url === undefined ? (
        <span class="skeleton picture-wait" role="img" aria-label={i18n.t('thread.file.fetching')} />
      ) : (
        <button
          type="button"
          class="picture-open"
          aria-label={i18n.t('viewer.open', { name })}
          aria-haspopup="dialog"
          onClick={() => open({ message, file })}
        >
          <img src={url} alt={i18n.t('thread.file.image', { name })} />
        </button>
      )}
      <figcaption class="picture-line">
        <span class="truncate caption">{name}</span>
        <button
          type="button"
          class="icon-btn picture-save"
          aria-label={i18n.t('thread.file.download', { name })}
          title={i18n.t('thread.file.download', { name })}
          onClick={() => fetched.state === 'ready' && saveFile(fetched.bytes, name)}
        >
          <Icon of={Download} />
        </button>
        {time && <span class="caption faint">{time}</span>}
      </figcaption>
    </figure>
  )
}
