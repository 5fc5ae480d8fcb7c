import { useEffect, useRef, useState } from 'preact/hooks'
import { audioType } from './audioType.ts'
import type { FileState } from './useFile.ts'
import { useObjectUrl } from './useObjectUrl.ts'

const SPEEDS = [1, 1.5, 2] as const

type Fetched = FileState & { load: () => Promise<Extract<FileState, { state: 'ready' }> | undefined> }

/** A recording that is fetched when it is first played, and then is played from memory; one at a time in a page. client:VCE1, VCE2 */
export function usePlayer(fetched: Fetched) {
  const audio = useRef<HTMLAudioElement>(null)
  const [playing, setPlaying] = useState(false)
  const [position, setPosition] = useState(0)
  const [duration, setDuration] = useState<number>()
  const [speed, setSpeed] = useState(0)
  const [broken, setBroken] = useState(false)
  const wanted = useRef(false)
  const ready = fetched.state === 'ready' ? fetched : undefined
  const type = ready && audioType(new Uint8Array(ready.bytes))
  const url = useObjectUrl(type === undefined ? undefined : ready?.bytes, type ?? '')

  const start = (): void => {
    for (const other of document.querySelectorAll('audio')) if (other !== audio.current) other.pause()
    // Taken back by a pause right after it, or what a browser cannot play: the element says so itself.
    void audio.current?.play().catch(() => undefined)
  }
  useEffect(() => {
    if (!url || !wanted.current) return
    wanted.current = false
    start()
  }, [url])

  return {
    playing,
    /** Seconds. */
    position,
    /** Seconds; `undefined` while it is not known, and for a recording that does not say. */
    duration,
    speed: SPEEDS[speed] ?? 1,
    busy: fetched.state === 'fetching',
    unplayable: broken || (ready !== undefined && type === undefined),
    toggle(): void {
      if (playing) audio.current?.pause()
      else if (url) start()
      else {
        wanted.current = true
        void fetched.load()
      }
    },
    seek(to: number): void {
      if (audio.current) audio.current.currentTime = to
      setPosition(to)
    },
    faster(): void {
      const next = (speed + 1) % SPEEDS.length
      setSpeed(next)
      if (audio.current) audio.current.playbackRate = SPEEDS[next] ?? 1
    },
    element: {
      ref: audio,
      src: url,
      onPlay: () => {
        if (audio.current) audio.current.playbackRate = SPEEDS[speed] ?? 1
        setPlaying(true)
      },
      onPause: () => setPlaying(false),
      onEnded: () => setPosition(0),
      onTimeUpdate: () => setPosition(audio.current?.currentTime ?? 0),
      onDurationChange: () => {
        const seconds = audio.current?.duration
        setDuration(Number.isFinite(seconds) ? seconds : undefined)
      },
      onError: () => url && setBroken(true),
    },
  }
}
