import { useEffect, useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from './Announcer.tsx'
import { rich, slots } from './rich.tsx'
import { secondsLeft } from './time.ts'

type Props = {
  until: number
  totalMs: number
  now: number
  /** What to say, once each, when so many seconds are left. */
  milestones: readonly { seconds: number; text: string }[]
}

/** The time left as a number, which is the truth, and as a bar. */
export function Countdown({ until, totalMs, now, milestones }: Props) {
  const left = secondsLeft(until, now)
  useMilestones(until, left, milestones)
  const share = Math.min(1, Math.max(0, (until - now) / totalMs))
  return (
    <div class="timer">
      <span class="bar" aria-hidden="true">
        <i style={{ inlineSize: `${(share * 100).toFixed(1)}%` }} />
      </span>
      <span role="timer">{rich(i18n.t('wizard.left', slots('time')), { time: <b>{minutes(left)}</b> })}</span>
    </div>
  )
}

/** 12:41 */
function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

function useMilestones(until: number, left: number, milestones: Props['milestones']): void {
  const announce = useAnnounce()
  const before = useRef({ until, left })
  useEffect(() => {
    const passed = before.current.until === until ? before.current.left : left
    before.current = { until, left }
    const reached = milestones.find(({ seconds }) => left <= seconds && passed > seconds)
    if (reached) announce(reached.text)
  }, [until, left])
}
