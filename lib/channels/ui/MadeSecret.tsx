import { i18n } from '#i18n'
import { Button } from '../../ui/Button.tsx'
import { useFocusHere } from '../../ui/focus.ts'
import { weekdayTime } from '../../ui/moment.ts'
import type { Rotated } from './actions.ts'
import type { Rotation } from './useRotation.ts'
import { CodeLine } from './WebhookAddress.tsx'

/** What was just made, to be copied now, and how long the one before still works. It leaves the page with Done. client:CHN3, WIZ8 */
export function MadeSecret({ made, onDone }: { made: Rotated & Rotation; onDone: () => void }) {
  const isAddress = made.which === 'url'
  const heading = useFocusHere<HTMLParagraphElement>(true)
  const until = Date.parse(made.previousValidUntil ?? '')
  return (
    <div class="made-secret stack">
      <p ref={heading} tabIndex={-1}>
        <b>{i18n.t(isAddress ? 'channels.secrets.madeAddress' : 'channels.secrets.madeSecret')}</b>{' '}
        {i18n.t(isAddress ? 'channels.secrets.copyAddress' : 'channels.secrets.copySecret')}
      </p>
      <CodeLine
        text={(isAddress && made.webhookUrl) || made.secret}
        thing={i18n.t(isAddress ? 'wizard.webhook.address' : 'channels.secrets.thing')}
      />
      {Number.isFinite(until) && <p class="small muted">{i18n.t('channels.secrets.oldUntil', { time: weekdayTime(until) })}</p>}
      <div>
        <Button small onClick={onDone}>
          {i18n.t('channels.secrets.done')}
        </Button>
      </div>
    </div>
  )
}
