import { Download, FileText, LoaderCircle } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Attachment } from '#protocol/message.ts'
import { Icon } from '../../ui/Icon.tsx'
import { fileSize } from '../../ui/time.ts'
import type { InboxMessage } from '../model.ts'
import { cleanName, kindName, mayShow } from './files.ts'
import { OriginalMail } from './OriginalMail.tsx'
import { saveFile } from './saveFile.ts'
import { Unavailable } from './Unavailable.tsx'
import { useFile } from './useFile.ts'

/** The files of a message: images shown where that is safe, all others to download. client:CAT1-CAT4 */
export function Attachments({ message, time }: { message: InboxMessage; time: ComponentChildren }) {
  return (
    <>
      {message.attachments.map((file, index) => {
        const last = index === message.attachments.length - 1
        const props = { message, file, time: last ? time : undefined }
        if (file.role === 'html') return <OriginalMail key={file.id} {...props} />
        return mayShow(file) ? <Picture key={file.id} {...props} /> : <FileCard key={file.id} {...props} />
      })}
    </>
  )
}

type Props = { message: InboxMessage; file: Attachment; time: ComponentChildren }

function Picture({ message, file, time }: Props) {
  const fetched = useFile(message, file)
  const [url, setUrl] = useState<string>()
  const { load } = fetched
  useEffect(() => void load(), [load])
  useEffect(() => {
    if (fetched.state !== 'ready' || !fetched.preview) return
    const made = URL.createObjectURL(new Blob([fetched.bytes], { type: fetched.mimeType }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [fetched.state])

  if (fetched.state === 'failed') return <Unavailable file={file} reason={fetched.failure.message} again={load} />
  if (fetched.state === 'ready' && !fetched.preview) return <FileCard message={message} file={file} time={time} />
  const name = cleanName(file.filename, i18n.t('thread.file.noName'))
  return (
    <figure class="picture">
      {url === undefined ? (
        <span class="skeleton picture-wait" role="img" aria-label={i18n.t('thread.file.fetching')} />
      ) : (
        <img src={url} alt={i18n.t('thread.file.image', { name })} />
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

function FileCard({ message, file, time }: Props) {
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
