import { Check, LoaderCircle, Send } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { ChannelActions } from './actions.ts'

type Props = { channelId: string; sendTest: ChannelActions['sendTest']; primary?: boolean; small?: boolean; onArrived?: () => void }

/** Posts a sample through the relay and says when it is in the inbox: the whole way, proven. client:WIZ5 */
export function TestMessage({ channelId, sendTest, primary, small, onArrived }: Props) {
  const announce = useAnnounce()
  const [ms, setMs] = useState<number>()
  const test = useAction(async () => {
    setMs(undefined)
    const arrived = await sendTest(channelId)
    setMs(arrived.ms)
    announce(i18n.t('wizard.webhook.arrivedMs', [Math.round(arrived.ms)]))
    onArrived?.()
  })
  return (
    <>
      <div class="row-line wizard-actions">
        <Button kind={primary ? 'primary' : 'plain'} small={small ?? false} disabled={test.busy} onClick={() => void test.run()}>
          <Icon of={Send} flip />
          {i18n.t('wizard.webhook.test')}
        </Button>
        {test.busy && (
          <span class="hint" role="status">
            <Icon of={LoaderCircle} spin />
            {i18n.t('wizard.webhook.testing')}
          </span>
        )}
        {!test.busy && ms !== undefined && (
          <span class="hint hint-ok">
            <Icon of={Check} />
            <span class="num">{i18n.t('wizard.webhook.arrivedMs', [Math.round(ms)])}</span>
          </span>
        )}
      </div>
      <FailureNote failure={test.failure} />
    </>
  )
}
