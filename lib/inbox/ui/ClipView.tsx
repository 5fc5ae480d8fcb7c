import { CameraOff } from 'lucide-preact'
import { useEffect, useMemo } from 'preact/hooks'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { clipFile } from '../clip.ts'
import type { Clip } from '../clipStore.ts'

/** What is about to be sent, as it was taken. */
export function ClipView({ clip }: { clip: Clip }) {
  const { kind, words, title, url } = clip
  const address = kind === 'link' ? words : kind === 'words' ? undefined : url
  return (
    <section class="clip" aria-label={i18n.t('send.what')}>
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

function Thumbnail({ clip }: { clip: Clip }) {
  const shown = useMemo(() => {
    const file = clipFile(clip)
    return file && URL.createObjectURL(file)
  }, [clip])
  useEffect(() => () => (shown === undefined ? undefined : URL.revokeObjectURL(shown)), [shown])
  return shown === undefined ? null : <img class="clip-picture" src={shown} alt={i18n.t('send.picture')} />
}
