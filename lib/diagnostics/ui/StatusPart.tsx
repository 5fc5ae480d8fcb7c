import type { ComponentChildren } from 'preact'
import { Fragment } from 'preact'
import { i18n } from '#i18n'
import { useDelayed } from '../../ui/delayed.ts'

/** One line of the status: what it says, why it cannot be had, or `undefined` while it is being asked. client:STA2 */
export type StatusLine = {
  name: string
  /** Where it is dealt with. */
  href?: string
  value: ComponentChildren | { unavailable: string } | undefined
}

type Props = { id: string; title: string; note?: string | undefined; lines: readonly StatusLine[] }

/** Lines about one thing. */
export function StatusPart({ id, title, note, lines }: Props) {
  return (
    <section class="card card-pad stack status-part" aria-labelledby={id}>
      <div class="status-head">
        <h2 id={id}>{title}</h2>
        {note && <span class="small muted">{note}</span>}
      </div>
      <dl class="pairs">
        {lines.map(({ name, href, value }) => (
          <Fragment key={name}>
            <dt>{href ? <a href={href}>{name}</a> : name}</dt>
            <dd class="num">{value === undefined ? <Waiting /> : isUnavailable(value) ? sentence(value) : value}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  )
}

function isUnavailable(value: StatusLine['value']): value is { unavailable: string } {
  return typeof value === 'object' && value !== null && 'unavailable' in value
}

function sentence({ unavailable: reason }: { unavailable: string }): string {
  return i18n.t('connectionPage.unavailable', { reason })
}

function Waiting() {
  return <span class={useDelayed(true) ? 'skeleton skeleton-word' : 'skeleton-word'} />
}
