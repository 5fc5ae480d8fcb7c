import { AppWindow, Camera, CameraOff, Link, type LucideIcon, TextCursorInput, TextQuote } from 'lucide-preact'
import { useEffect, useMemo } from 'preact/hooks'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { clipFile } from '../clip.ts'
import type { Clip } from '../clipStore.ts'

/** Characters of what is shown whole; of more the number is told. */
const LONG = 240

const KINDS: Record<Clip['kind'], LucideIcon> = {
  selection: TextQuote,
  link: Link,
  page: AppWindow,
  screenshot: Camera,
  words: TextCursorInput,
}

/** What is about to be sent, as it was taken: of which kind it is, and from where. */
export function ClipView({ clip }: { clip: Clip }) {
  const { kind, words = '', title, url } = clip
  const address = kind === 'link' ? words : kind === 'words' ? undefined : url
  return (
    <section class="clip" aria-label={i18n.t('send.what')}>
      <p class="clip-head caption muted">
        <Icon of={KINDS[kind]} size="sm" />
        <span class="truncate">{headOf(clip)}</span>
        {words.length > LONG && <span class="clip-length">{i18n.t('send.length', { count: words.length.toLocaleString() })}</span>}
      </p>
      {clip.picture === '' && (
        <p class="hint hint-warn">
          <Icon of={CameraOff} />
          <span>{i18n.t('send.noPicture')}</span>
        </p>
      )}
      <div class="clip-parts">
        <Thumbnail clip={clip} />
        <div class="stack grow">
          {(kind === 'selection' || kind === 'words') && <blockquote class="clip-words">{words}</blockquote>}
          {(kind === 'page' || kind === 'screenshot') && title && <p class="clip-title truncate">{title}</p>}
          {address && (
            <p class="caption muted truncate" dir="ltr" title={address}>
              {address}
            </p>
          )}
        </div>
      </div>
    </section>
  )
}

/** `Selected text from trains.example`. */
function headOf({ kind, url }: Clip): string {
  const place = URL.parse(url ?? '')?.host
  return place && kind !== 'words' ? i18n.t(`send.from.${kind}`, { place }) : i18n.t(`send.kinds.${kind}`)
}

function Thumbnail({ clip }: { clip: Clip }) {
  const shown = useMemo(() => {
    const file = clipFile(clip)
    return file && URL.createObjectURL(file)
  }, [clip])
  useEffect(() => () => (shown === undefined ? undefined : URL.revokeObjectURL(shown)), [shown])
  return shown === undefined ? null : <img class="clip-picture" src={shown} alt={i18n.t('send.picture')} />
}
