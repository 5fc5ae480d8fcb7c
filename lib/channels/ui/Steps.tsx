import { Check } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'

type Props = {
  steps: readonly ComponentChildren[]
  /** Index of the step to do now; past the end, all are done. */
  now: number
}

/** A wizard's steps: ticked, current, or to come. */
export function Steps({ steps, now }: Props) {
  return (
    <ol class="steps">
      {steps.map((step, index) => (
        <li key={index} class={index < now ? 'done' : index === now ? 'now' : ''} aria-current={index === now ? 'step' : undefined}>
          <span class="step-no">
            {index < now ? (
              <>
                <Icon of={Check} size="sm" />
                <span class="sr">{i18n.t('wizard.finished')}</span>
              </>
            ) : (
              index + 1
            )}
          </span>
          <div class="step-body">{step}</div>
        </li>
      ))}
    </ol>
  )
}
