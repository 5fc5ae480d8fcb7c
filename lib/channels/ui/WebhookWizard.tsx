import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { channelName } from '../../ui/channelName.ts'
import { rich, slots } from '../../ui/rich.tsx'
import { channelTitle, responsesUrl } from '../facts.ts'
import type { ChannelActions } from './actions.ts'
import { Steps } from './Steps.tsx'
import { TestMessage } from './TestMessage.tsx'
import { CodeLine, CurlExample } from './WebhookAddress.tsx'
import { WizardCard } from './WizardCard.tsx'

type Props = { config: ChannelConfig; sendTest: ChannelActions['sendTest']; onClose: () => void; focus: boolean }

/** A webhook just made: where to send, an example to copy, and a test that travels the whole way. client:WIZ5 */
export function WebhookWizard({ config, sendTest, onClose, focus }: Props) {
  const [arrived, setArrived] = useState(false)
  const name = channelTitle(config) || i18n.t('wizard.webhook.unnamed')
  const url = config.webhookUrl ?? ''
  const responses = responsesUrl(config)
  const steps = [
    rich(i18n.t('wizard.webhook.made', slots('name')), { name: <b>{name}</b> }),
    <div class="stack wizard-gap" key="send">
      <p>{i18n.t(arrived ? 'wizard.webhook.arrived' : 'wizard.webhook.send')}</p>
      <CodeLine text={url} thing={i18n.t('wizard.webhook.address')} />
      <CurlExample url={url} />
      {responses && config.direction === 'inbound' && (
        <p class="small muted">{rich(i18n.t('wizard.webhook.oneWay', slots('address')), { address: <code>{responses}</code> })}</p>
      )}
      <TestMessage channelId={config.id} sendTest={sendTest} primary onArrived={() => setArrived(true)} />
    </div>,
  ]
  return (
    <WizardCard
      type="webhook"
      title={channelName('webhook')}
      sub={arrived ? i18n.t('wizard.ready') : i18n.t('wizard.step', { now: 2, all: 2 })}
      closeLabel={i18n.t('wizard.close')}
      onClose={onClose}
      focus={focus}
    >
      <Steps steps={steps} now={arrived ? 2 : 1} />
    </WizardCard>
  )
}
