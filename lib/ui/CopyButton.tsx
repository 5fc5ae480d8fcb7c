import { Check, Copy } from 'lucide-preact'
import { i18n } from '#i18n'
import { Icon } from './Icon.tsx'
import { useCopied } from './useCopied.ts'

type Props = {
  text: string
  /** What is copied, for the name of the button: "the pairing code". */
  thing: string
  /** Only the drawing. */
  bare?: boolean
}

/** Copies, and says so in place. The button keeps its size. */
export function CopyButton({ text, thing, bare }: Props) {
  const { copied, copy } = useCopied()
  const name = i18n.t('options.copyThing', { thing })
  if (bare)
    return (
      <button type="button" class="icon-btn icon-btn-sm" aria-label={name} title={name} onClick={() => void copy(text)}>
        <Icon of={copied ? Check : Copy} class={copied ? 'copied' : ''} />
      </button>
    )
  return (
    <button type="button" class="btn btn-sm" aria-label={name} onClick={() => void copy(text)}>
      <span class="swap">
        <span class={copied ? 'out' : ''}>
          <Icon of={Copy} />
          {i18n.t('options.copy')}
        </span>
        <span class={copied ? '' : 'out'}>
          <Icon of={Check} class="copied" />
          {i18n.t('options.copied')}
        </span>
      </span>
    </button>
  )
}
