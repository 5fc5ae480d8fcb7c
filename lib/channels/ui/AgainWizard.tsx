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
  config: ChannelConfig | undefined
  actions: Pick<ChannelActions, 'add' | 'registerAgain'>
  onClose: () => void
  focus: boolean
}

/** What the relay lost and only its owner can give again. client:REC2, REC3 */
export function AgainWizard({ channelId, type, kind, config, actions, onClose, focus }: Props) {
  const name = (config && channelTitle(config)) || channelName(type)
  const again = useAction(() => actions.registerAgain(channelId))
  const isToken = kind === 'paste_token'
  return (
    <WizardCard
      type={type}
      title={i18n.t(isToken ? 'wizard.again.title' : 'wizard.again.register', { name })}
      sub={channelName(type)}
      closeLabel={i18n.t('wizard.stays')}
      onClose={onClose}
      focus={focus}
    >
      <p>{i18n.t(isToken ? 'wizard.again.why' : type === 'email' ? 'wizard.again.emailWhy' : 'wizard.again.registerWhy')}</p>
      {isToken ? (
        <TokenBox type={type} name={name} add={actions.add} onDone={() => {}} onCancel={onClose} />
      ) : (
        <div class="row-line wizard-actions">
          <Button kind="primary" disabled={again.busy} onClick={() => void again.run()}>
            {i18n.t('wizard.again.button')}
          </Button>
        </div>
      )}
      <FailureNote failure={again.failure} />
    </WizardCard>
  )
}
