import { X } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import type { ChannelType } from '#protocol/message.ts'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import { IconButton } from '../../ui/IconButton.tsx'

type Props = {
  type: ChannelType
  title: string
  /** "Step 3 of 3", or that it is done. */
  sub: string
  children: ComponentChildren
  /** Beside the steps, below them when narrow. */
  side?: ComponentChildren
  closeLabel: string
  onClose: () => void
  /** It just appeared because of something the user did: bring it into view and start reading there. */
  focus?: boolean
}

export function WizardCard({ type, title, sub, children, side, closeLabel, onClose, focus }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const id = useId()
  useEffect(() => {
    if (!focus) return
    heading.current?.focus({ preventScroll: true })
    heading.current?.closest('article')?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  }, [focus])
  return (
    <article class="card" aria-labelledby={id}>
      <header class="wizard-head">
        <ChannelMark type={type} large silent />
        <div class="grow">
          <h3 id={id} ref={heading} tabIndex={-1}>
            {title}
          </h3>
          <p class="small muted">{sub}</p>
        </div>
        <IconButton icon={X} label={closeLabel} onClick={onClose} />
      </header>
      <div class="wizard">
        <div class="wizard-main">{children}</div>
        {side && <div class="wizard-side">{side}</div>}
      </div>
    </article>
  )
}
