import { Check, Copy } from 'lucide-preact'
import { useEffect, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from './Announcer.tsx'
import { Icon } from './Icon.tsx'

/** How long "Copied" stays, in milliseconds. */
const COPIED_MS = 2000

type Props = {
  text: string
  /** What is copied, for the name of the button: "the pairing code". */
  thing: string
  /** Only the drawing. */
  bare?: boolean
}

/** Copies, and says so in place. The button keeps its size. */
export function CopyButton({ text, thing, bare }: Props) {
  const announce = useAnnounce()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), COPIED_MS)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
      announce(i18n.t('options.copied'))
    } catch {
      announce(i18n.t('options.copyFailed'), 'assertive')
    }
  }

  const name = i18n.t('options.copyThing', { thing })
  if (bare)
    return (
      <button type="button" class="icon-btn icon-btn-sm" aria-label={name} title={name} onClick={() => void copy()}>
        <Icon of={copied ? Check : Copy} class={copied ? 'copied' : ''} />
      </button>
    )
  return (
    <button type="button" class="btn btn-sm" aria-label={name} onClick={() => void copy()}>
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
