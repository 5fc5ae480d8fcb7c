import type { LucideIcon } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { i18n } from '#i18n'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Fingerprint } from './Fingerprint.tsx'

type Props = {
  icon: LucideIcon
  title: string
  /** Whose it is. */
  of: string
  fingerprint: string | undefined
  tag: ComponentChildren
  text: string
  /** What can be done with it. */
  children?: ComponentChildren
}

/** A key by its fingerprint. client:PIN6 */
export function KeyCard({ icon, title, of, fingerprint, tag, text, children }: Props) {
  return (
    <article class="card card-pad stack key-card">
      <div class="row-line key-head">
        <span class="key-icon">
          <Icon of={icon} size="lg" />
        </span>
        <div class="grow">
          <h3 class="key-title">{title}</h3>
          <p class="small muted truncate">{of}</p>
        </div>
        {tag}
      </div>
      {fingerprint && <Fingerprint value={fingerprint} />}
      <p class="small muted">{text}</p>
      <div class="row-line wrap-line">
        {fingerprint && <CopyButton text={fingerprint} thing={i18n.t('connectionPage.fingerprintOf', { key: title })} />}
        {children}
      </div>
    </article>
  )
}
