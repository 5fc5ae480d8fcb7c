import { Check, Circle, CircleAlert } from 'lucide-preact'
import { useId } from 'preact/hooks'
import { i18n } from '#i18n'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { useModal } from '../../ui/modal.ts'
import { exactTime, fullTime } from '../../ui/time.ts'
import type { ThreadItem } from '../thread.ts'
import { deliveryOf, type Step } from './deliverySteps.ts'
import './delivery.css'

const GLYPHS = { done: Check, waiting: Circle, failed: CircleAlert }

/** The way of one message, with the time of each hop, and the numbers others know it by. client:DLV1, DLV2 */
export function DeliveryDialog({ item, onClose }: { item: ThreadItem; onClose: () => void }) {
  const modal = useModal(onClose)
  const id = useId()
  const { steps, ids } = deliveryOf(item)
  const now = Date.now()
  return (
    <dialog {...modal} class="dialog delivery" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{i18n.t('delivery.details')}</h2>
      <ol class="hops">
        {steps.map((step) => (
          <Hop key={step.name} step={step} now={now} />
        ))}
      </ol>
      <h3 class="small muted">{i18n.t('delivery.ids')}</h3>
      <dl class="delivery-ids">
        {ids.map(({ name, value }) => (
          <div class="row-line" key={name}>
            <dt class="muted">{name}</dt>
            <dd class="row-line grow">
              <span class="grow truncate" title={value}>
                {value}
              </span>
              <CopyButton bare text={value} thing={name} />
            </dd>
          </div>
        ))}
      </dl>
      <div class="dialog-actions">
        <Button onClick={onClose}>{i18n.t('delivery.close')}</Button>
      </div>
    </dialog>
  )
}

function Hop({ step: { name, state, at, note }, now }: { step: Step; now: number }) {
  return (
    <li class={`hop is-${state}`}>
      <span class="hop-dot">
        <Icon of={GLYPHS[state]} size="sm" />
      </span>
      <span class="stack grow">
        <span class="hop-line">
          <b>{name}</b>
          {at !== undefined && (
            <time class="num" dateTime={new Date(at).toISOString()} title={fullTime(at)}>
              {exactTime(at, now)}
            </time>
          )}
        </span>
        {note !== undefined && <span class="small muted">{note}</span>}
      </span>
    </li>
  )
}
