import { CircleAlert } from 'lucide-preact'
import { useEffect, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Failure } from '../messaging/failure.ts'
import { Icon } from './Icon.tsx'
import { useNow } from './now.ts'
import { secondsLeft } from './time.ts'

/** A refusal beside what caused it, with the wait if there is one. client:HTE3 */
export function FailureNote({
  failure,
  id,
  lead,
}: {
  failure: Failure | undefined
  id?: string
  lead?: (reason: string) => string
}) {
  const left = useWait(failure)
  if (!failure) return null
  return (
    <p class="hint hint-fail" id={id} role="alert">
      <Icon of={CircleAlert} />
      <span>
        {lead ? lead(failure.message) : <bdi>{failure.message}</bdi>}
        {left > 0 && <span class="num"> {i18n.t('options.retryIn', [left])}</span>}
      </span>
    </p>
  )
}

/** Seconds until the relay wants to hear of it again. */
export function useWait(failure: Failure | undefined): number {
  const [until, setUntil] = useState(0)
  const now = useNow(failure?.retryAfter === undefined ? undefined : 1000)
  useEffect(() => {
    setUntil(failure?.retryAfter === undefined ? 0 : Date.now() + failure.retryAfter * 1000)
  }, [failure])
  return until === 0 ? 0 : secondsLeft(until, now)
}
