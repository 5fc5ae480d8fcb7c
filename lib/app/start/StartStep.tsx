import { Check } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { StepState } from './steps.ts'

type Props = {
  number: number
  title: string
  state: StepState
  /** Beside the title, once it is done. */
  result?: ComponentChildren
  children?: ComponentChildren
}

/** One of the three: its number or a tick, its title, and what is to do. That it is done is said, without taking the focus. client:ONB3 */
export function StartStep({ number, title, state, result, children }: Props) {
  const id = useId()
  useSayDone(state, number)
  return (
    <li class={`card start-step ${state}`} aria-current={state === 'now' ? 'step' : undefined} aria-labelledby={id}>
      <header class="start-head">
        <span class="step-no" aria-hidden="true">
          {state === 'done' ? <Icon of={Check} size="sm" /> : number}
        </span>
        <h2 id={id} class="grow">
          {title}
          {state === 'done' && <span class="sr">, {i18n.t('wizard.finished')}</span>}
        </h2>
        {state === 'done' && result && <p class="small muted">{result}</p>}
      </header>
      {children && <div class="start-body stack">{children}</div>}
    </li>
  )
}

function useSayDone(state: StepState, number: number): void {
  const announce = useAnnounce()
  const before = useRef(state)
  useEffect(() => {
    if (state === 'done' && before.current !== 'done') announce(i18n.t('start.said', { step: number }))
    before.current = state
  }, [state])
}
