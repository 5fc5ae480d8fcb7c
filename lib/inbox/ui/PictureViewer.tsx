import { ChevronLeft, ChevronRight, Download, Maximize, Minimize, X } from 'lucide-preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { IconButton } from '../../ui/IconButton.tsx'
import { useModal } from '../../ui/modal.ts'
import { shortTime } from '../../ui/time.ts'
import { cleanName } from './files.ts'
import { useHost } from './host.ts'
import { type Direction, nextPicture, type Shown } from './pictures.ts'
import { saveFile } from './saveFile.ts'
import { Unavailable } from './Unavailable.tsx'
import { useFile } from './useFile.ts'
import { useObjectUrl } from './useObjectUrl.ts'
import { useZoom } from './useZoom.ts'
import './viewer.css'

/** The pictures of a conversation, one at a time over the whole page. client:PIC1-PIC3 */
export function PictureViewer({ first, onClose }: { first: Shown; onClose: () => void }) {
  const [shown, setShown] = useState(first)
  const { message, file } = shown
  const beside = useBeside(shown)
  const fetched = useFile(message, file)
  const { load } = fetched
  const ready = fetched.state === 'ready' ? fetched : undefined
  const url = useObjectUrl(ready?.preview ? ready.bytes : undefined, ready?.mimeType ?? '')
  const modal = useModal(onClose)
  const stage = useRef<HTMLElement>(null)
  const zoom = useZoom(stage, file.id)
  const id = useId()
  useEffect(() => void load(), [load])
  useEffect(() => stage.current?.focus(), [])

  const name = cleanName(file.filename, i18n.t('thread.file.noName'))
  const about = i18n.t('viewer.from', { name: message.from, time: shortTime(message.at) })
  const move = (direction: Direction): void => {
    const next = beside[direction]
    if (!next) return
    setShown(next)
    // The button that was pressed may be out of use now.
    stage.current?.focus()
  }
  const save = (): void => {
    if (ready) saveFile(ready.bytes, name)
  }
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const isRtl = document.documentElement.dir === 'rtl'
    const direction = { ArrowLeft: isRtl ? 'later' : 'earlier', ArrowRight: isRtl ? 'earlier' : 'later' }[event.key]
    // In one that is larger than the page the arrows move about.
    if (direction && !zoom.isWide()) {
      event.preventDefault()
      move(direction as Direction)
    }
    if ((event.key === 'Enter' || event.key === ' ') && event.target === stage.current) {
      event.preventDefault()
      zoom.toggle()
    }
  }

  return (
    <dialog {...modal} class="viewer" aria-labelledby={`${id}-title`} onKeyDown={press}>
      <header class="topbar">
        <span class="stack grow topbar-title">
          <h2 id={`${id}-title`} class="truncate">
            <bdi>{name}</bdi>
          </h2>
          <span class="caption muted truncate">{about}</span>
        </span>
        <IconButton
          icon={zoom.actual ? Minimize : Maximize}
          label={i18n.t(zoom.actual ? 'viewer.fit' : 'viewer.actual')}
          disabled={!zoom.useful}
          onClick={zoom.toggle}
        />
        <IconButton icon={Download} label={i18n.t('thread.file.download', { name })} disabled={!ready} onClick={save} />
        <IconButton icon={X} label={i18n.t('app.close')} onClick={onClose} />
      </header>
      <div class="viewer-body">
        <section
          class={zoom.actual ? 'viewer-stage is-actual' : 'viewer-stage'}
          aria-label={i18n.t('thread.file.image', { name })}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a large picture scrolls, so the keyboard must reach it
          tabIndex={0}
          ref={stage}
        >
          {fetched.state === 'failed' ? (
            <Unavailable file={file} reason={fetched.failure.message} again={load} />
          ) : ready && !ready.preview ? (
            <p class="muted">{i18n.t('viewer.none')}</p>
          ) : url === undefined ? (
            <span class="skeleton viewer-wait" role="img" aria-label={i18n.t('thread.file.fetching')} />
          ) : (
            // biome-ignore lint/a11y/useKeyWithClickEvents: Enter does it for the keyboard, on the stage
            <img
              key={file.id}
              src={url}
              alt={i18n.t('thread.file.image', { name })}
              class={zoom.useful ? 'is-useful' : ''}
              onLoad={zoom.measure}
              onClick={zoom.toggleAt}
            />
          )}
        </section>
        <IconButton
          icon={ChevronLeft}
          flip
          class="viewer-to viewer-earlier"
          label={i18n.t('viewer.earlier')}
          disabled={!beside.earlier}
          onClick={() => move('earlier')}
        />
        <IconButton
          icon={ChevronRight}
          flip
          class="viewer-to viewer-later"
          label={i18n.t('viewer.later')}
          disabled={!beside.later}
          onClick={() => move('later')}
        />
      </div>
      <p class="sr" role="status">
        {shown !== first && `${name}, ${about}`}
      </p>
    </dialog>
  )
}

type Beside = Partial<Record<Direction, Shown | undefined>>

/** What lies on each side. */
function useBeside(shown: Shown): Beside {
  const { db } = useHost()
  const [found, setFound] = useState<{ of: Shown; beside: Beside }>()
  useEffect(() => {
    const stop = new AbortController()
    for (const direction of ['earlier', 'later'] as const)
      nextPicture(db, shown, direction, stop.signal).then(
        (next) => {
          if (!stop.signal.aborted)
            setFound((before) => ({ of: shown, beside: { ...(before?.of === shown && before.beside), [direction]: next } }))
        },
        // What cannot be read is not offered.
        () => undefined,
      )
    return () => stop.abort()
  }, [db, shown])
  return found?.of === shown ? found.beside : {}
}
