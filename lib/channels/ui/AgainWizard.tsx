import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import type { ChannelType } from '#protocol/message.ts'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { channelName } from '../../ui/channelName.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { channelTitle } from '../facts.ts'
import type { ChannelActions } from './actions.ts'
import { TokenBox } from './TokenBox.tsx'
import { WizardCard } from './WizardCard.tsx'

type Props = {
  channelId: string
  type: ChannelType
  kind: 'paste_token' | 'register_again'
  /** Nobody but an identity that is lost could give it back. */
  taken: boolean
  config: ChannelConfig | undefined
  actions: Pick<ChannelActions, 'add' | 'registerAgain' | 'dismissStep'>
  /** It is another channel now. */
  onMoved: (channelId: string) => void
  onClose: () => void
  focus: boolean
}

/** What the relay lost and only its owner can give again, or what it gives to nobody any more. client:REC2, REC3 */
export function AgainWizard({ channelId, type, kind, taken, config, actions, onMoved, onClose, focus }: Props) {
  const name = (config && channelTitle(config)) || channelName(type)
  const again = useAction(async () => {
    const rebuilt = await actions.registerAgain(channelId, taken)
    if (rebuilt !== channelId) onMoved(rebuilt)
  })
  const isToken = kind === 'paste_token'
  const words = wordsOf(type, kind, taken)
  return (
    <WizardCard
      type={type}
      title={i18n.t(`wizard.again.${words}.title`, { name })}
      sub={channelName(type)}
      closeLabel={i18n.t('wizard.stays')}
      onClose={onClose}
      focus={focus}
    >
      <p>{i18n.t(`wizard.again.${words}.why`)}</p>
      {isToken ? (
        <TokenBox
          type={type}
          name={name}
          add={actions.add}
          // Another bot is another channel: the lost one has no way back.
          onDone={() => void (taken && actions.dismissStep(channelId))}
          onCancel={onClose}
        />
      ) : (
        <div class="row-line wizard-actions">
          <Button kind="primary" disabled={again.busy} onClick={() => void again.run()}>
            {i18n.t(taken ? 'wizard.again.newAddress' : 'wizard.again.button')}
          </Button>
        </div>
      )}
      <FailureNote failure={again.failure} />
    </WizardCard>
  )
}

function wordsOf(type: ChannelType, kind: Props['kind'], taken: boolean) {
  if (kind === 'paste_token') return taken ? 'otherBot' : 'token'
  if (type === 'email') return 'email'
  return taken ? 'takenWebhook' : 'webhook'
}
