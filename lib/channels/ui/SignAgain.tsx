import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { Button } from '../../ui/Button.tsx'
import { channelName } from '../../ui/channelName.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { channelFacts, channelTitle } from '../facts.ts'
import type { ChannelActions } from './actions.ts'
import { MadeSecret } from './MadeSecret.tsx'
import { useRotation } from './useRotation.ts'
import { WizardCard } from './WizardCard.tsx'

type Props = {
  config: ChannelConfig
  rotateSecret: ChannelActions['rotateSecret']
  onClose: () => void
  focus: boolean
}

/** A rebuilt webhook whose senders have to sign, with a secret that only its owner can pass on. client:REC3, CHN3 */
export function SignAgain({ config, rotateSecret, onClose, focus }: Props) {
  const rotation = useRotation(config.id, rotateSecret)
  const scheme = channelFacts(config).signingScheme ?? 'standard'
  const name = channelTitle(config) || channelName(config.type)
  return (
    <WizardCard
      type={config.type}
      title={i18n.t('wizard.again.sign', { name })}
      sub={channelName(config.type)}
      closeLabel={i18n.t(rotation.made ? 'wizard.close' : 'wizard.stays')}
      onClose={onClose}
      focus={focus}
    >
      {rotation.made ? (
        <MadeSecret made={rotation.made} onDone={onClose} />
      ) : (
        <>
          <p>{i18n.t('wizard.again.signWhy')}</p>
          <div class="row-line wizard-actions">
            <Button kind="primary" disabled={rotation.busy} onClick={() => void rotation.run({ which: 'signing', scheme })}>
              {i18n.t('channels.secrets.renew.button')}
            </Button>
          </div>
          <FailureNote failure={rotation.failure} />
        </>
      )}
    </WizardCard>
  )
}
