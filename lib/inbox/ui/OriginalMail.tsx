import { LoaderCircle, Mail, X } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Attachment } from '#protocol/message.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import type { InboxMessage } from '../model.ts'
import { cleanName } from './files.ts'
import { useHost } from './host.ts'
import { cleanMail } from './mailHtml.ts'
import { saveFile } from './saveFile.ts'
import { Unavailable } from './Unavailable.tsx'
import { useFile } from './useFile.ts'

/** The HTML part of an email, shown on demand over the page. client:CAT3 */
export function OriginalMail({ message, file, time }: { message: InboxMessage; file: Attachment; time: ComponentChildren }) {
  const fetched = useFile(message, file)
  const [open, setOpen] = useState(false)
  const show = async (): Promise<void> => {
    const ready = fetched.state === 'ready' ? fetched : await fetched.load()
    if (!ready) return
    // Firefox has no sandboxed pages, and no other may show it.
    if (import.meta.env.FIREFOX) saveFile(ready.bytes, cleanName(file.filename, 'message.html'))
    else setOpen(true)
  }
  if (fetched.state === 'failed') return <Unavailable file={file} reason={fetched.failure.message} again={show} />
  const busy = fetched.state === 'fetching'
  return (
    <>
      <button type="button" class="btn btn-sm btn-quiet" aria-busy={busy} onClick={() => void show()}>
        <Icon of={busy ? LoaderCircle : Mail} spin={busy} />
        {i18n.t('thread.file.original')}
        {time && <span class="caption faint">{time}</span>}
      </button>
      {open && fetched.state === 'ready' && (
        <MailDialog message={message} file={file} bytes={fetched.bytes} close={() => setOpen(false)} />
      )}
    </>
  )
}

type DialogProps = { message: InboxMessage; file: Attachment; bytes: ArrayBuffer; close: () => void }

function MailDialog({ message, file, bytes, close }: DialogProps) {
  const { settings, changeSettings } = useHost()
  const dialog = useRef<HTMLDialogElement>(null)
  const trusted = settings?.imagesFrom ?? []
  const sender = senderOf(message)
  const [images, setImages] = useState(trusted.includes(sender))
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  const always = (): void => {
    setImages(true)
    void changeSettings({ imagesFrom: [...trusted.filter((one) => one !== sender), sender] })
  }
  return (
    <dialog ref={dialog} class="mail" aria-labelledby="mail-title" onClose={close}>
      <header class="topbar">
        <h2 id="mail-title" class="grow truncate">
          {i18n.t('thread.mail.title')}
        </h2>
        <Button small kind="quiet" onClick={() => saveFile(bytes, cleanName(file.filename, 'message.html'))}>
          {i18n.t('thread.mail.save')}
        </Button>
        <IconButton icon={X} label={i18n.t('app.close')} onClick={close} />
      </header>
      {!images && (
        <div class="mail-images">
          <p>{i18n.t('thread.mail.noImages', { sender })}</p>
          <div class="actions">
            <Button small onClick={() => setImages(true)}>
              {i18n.t('thread.mail.show')}
            </Button>
            <Button small kind="quiet" onClick={always}>
              {i18n.t('thread.mail.always')}
            </Button>
          </div>
        </div>
      )}
      <MailFrame key={String(images)} bytes={bytes} images={images} />
    </dialog>
  )
}

/** The sandboxed page asks for its email once it is there. It has no origin, so only its window says who it is. */
function MailFrame({ bytes, images }: { bytes: ArrayBuffer; images: boolean }) {
  const frame = useRef<HTMLIFrameElement>(null)
  useLayoutEffect(() => {
    const html = cleanMail(new TextDecoder().decode(bytes))
    const give = (event: MessageEvent): void => {
      if (event.source !== null && event.source === frame.current?.contentWindow)
        event.source.postMessage({ html, images }, { targetOrigin: '*' })
    }
    addEventListener('message', give)
    return () => removeEventListener('message', give)
  }, [bytes, images])
  return (
    <iframe
      ref={frame}
      class="mail-frame"
      title={i18n.t('thread.mail.title')}
      src="/mail.html"
      sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"
    />
  )
}

function senderOf(message: InboxMessage): string {
  const address = message.metadata.senderAddress
  return typeof address === 'string' && address !== '' ? address : message.from
}
