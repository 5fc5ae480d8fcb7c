import { Download, LoaderCircle, Pause, Play } from 'lucide-preact'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { fileSize } from '../../ui/time.ts'
import { FileCard } from './FileCard.tsx'
import { cleanName, type FileProps } from './files.ts'
import { saveFile } from './saveFile.ts'
import { Unavailable } from './Unavailable.tsx'
import { useFile } from './useFile.ts'
import { usePlayer } from './usePlayer.ts'
import './voice.css'

/** A recording, played in its bubble. client:VCE1, VCE2 */
export function VoiceNote({ message, file, time }: FileProps) {
  const fetched = useFile(message, file)
  const player = usePlayer(fetched)
  if (fetched.state === 'failed') return <Unavailable file={file} reason={fetched.failure.message} again={fetched.load} />
  if (player.unplayable) return <FileCard message={message} file={file} time={time} />
  const name = cleanName(file.filename, i18n.t('thread.file.noName'))
  const { playing, busy, position, duration, speed } = player
  const label = busy ? i18n.t('thread.file.fetching') : i18n.t(playing ? 'voice.pause' : 'voice.play', { name })
  const all = duration === undefined ? undefined : clock(duration)
  const told = all === undefined ? clock(position) : i18n.t('voice.of', { now: clock(position), all })
  const save = async (): Promise<void> => {
    const ready = fetched.state === 'ready' ? fetched : await fetched.load()
    if (ready) saveFile(ready.bytes, name)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div class="voice" role="group" aria-label={name}>
      <audio {...player.element} preload="metadata" />
      <button type="button" class="voice-play" aria-label={label} title={label} aria-busy={busy} onClick={player.toggle}>
        <Icon of={busy ? LoaderCircle : playing ? Pause : Play} spin={busy} />
      </button>
      <input
        type="range"
        class="voice-line"
        aria-label={i18n.t('voice.position')}
        aria-valuetext={told}
        min={0}
        max={duration ?? 1}
        step={0.1}
        value={duration === undefined ? 0 : position}
        disabled={duration === undefined}
        style={{ '--played': duration ? position / duration : 0 }}
        onInput={(event) => player.seek(event.currentTarget.valueAsNumber)}
      />
      <span class="voice-facts caption faint">
        {fetched.state === 'ready' ? <span class="voice-time">{told}</span> : <span>{fileSize(file.size)}</span>}
        <button
          type="button"
          class="voice-speed"
          aria-label={i18n.t('voice.speed', { speed: speed.toLocaleString() })}
          onClick={player.faster}
        >
          {speed.toLocaleString()}×
        </button>
        <IconButton icon={Download} size="md" label={i18n.t('thread.file.download', { name })} onClick={() => void save()} />
        {time}
      </span>
    </div>
  )
}

/** 3:07 */
function clock(seconds: number): string {
  const whole = Math.floor(seconds)
  const two = { minimumIntegerDigits: 2 }
  return `${Math.floor(whole / 60).toLocaleString()}:${(whole % 60).toLocaleString(undefined, two)}`
}
