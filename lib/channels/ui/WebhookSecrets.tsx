import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig, SigningScheme } from '#protocol/channel.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Choice } from '../../ui/SettingRows.tsx'
import { channelFacts, channelTitle } from '../facts.ts'
import type { ChannelActions } from './actions.ts'
import { MadeSecret } from './MadeSecret.tsx'
import { type Rotation, useRotation } from './useRotation.ts'

type Props = { config: ChannelConfig; rotateSecret: ChannelActions['rotateSecret'] }
type Asking = 'address' | 'ask' | 'renew' | 'off'

/** A webhook's address and signing secret made anew, each after a question that says what it means for the senders. client:CHN3 */
export function WebhookSecrets({ config, rotateSecret }: Props) {
  const [asking, setAsking] = useState<Asking>()
  const [scheme, setScheme] = useState<SigningScheme>('standard')
  const rotation = useRotation(config.id, rotateSecret)
  const { signingScheme } = channelFacts(config)
  const name = channelTitle(config) || i18n.t('channels.unnamed')
  const close = (): void => {
    rotation.reset()
    setAsking(undefined)
  }
  const confirm = async (which: Asking): Promise<void> => {
    if (await rotation.run(wanted(which, signingScheme ?? scheme))) setAsking(undefined)
  }
  const button = (which: Asking) => (
    <Button small onClick={() => setAsking(which)}>
      {i18n.t(`channels.secrets.${which}.button`)}
    </Button>
  )
  return (
    <>
      {rotation.made && !asking && <MadeSecret made={rotation.made} onDone={rotation.putAway} />}
      <div class="row-line wizard-actions">
        {button('address')}
        {signingScheme ? button('renew') : button('ask')}
        {signingScheme && button('off')}
      </div>
      {asking && (
        <ConfirmDialog
          title={i18n.t(`channels.secrets.${asking}.title`, { name })}
          confirm={i18n.t(`channels.secrets.${asking}.confirm`)}
          danger={asking === 'off'}
          busy={rotation.busy}
          failure={rotation.failure}
          onConfirm={() => void confirm(asking)}
          onCancel={close}
        >
          <p>{i18n.t(`channels.secrets.${asking}.text`)}</p>
          {asking === 'ask' && <SchemeChoice scheme={scheme} onChange={setScheme} />}
        </ConfirmDialog>
      )}
    </>
  )
}

function SchemeChoice({ scheme, onChange }: { scheme: SigningScheme; onChange: (scheme: SigningScheme) => void }) {
  return (
    <Choice
      title={i18n.t('channels.secrets.scheme')}
      value={scheme}
      options={[
        ['standard', i18n.t('channels.secrets.schemes.standard')],
        ['github', i18n.t('channels.secrets.schemes.github')],
      ]}
      onChange={onChange}
    />
  )
}

function wanted(asking: Asking, scheme: SigningScheme): Rotation {
  if (asking === 'address') return { which: 'url' }
  return { which: 'signing', scheme: asking === 'off' ? 'none' : scheme }
}
