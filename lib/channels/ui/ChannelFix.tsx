import { CircleAlert, Clock, Mail, TriangleAlert } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { useAction } from '../../ui/action.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { channelName } from '../../ui/channelName.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { channelFacts, channelTitle } from '../facts.ts'
import type { ChannelActions } from './actions.ts'
import { useResend } from './EmailWizard.tsx'
import { TokenBox } from './TokenBox.tsx'

type Props = { config: ChannelConfig; actions: ChannelActions; showCode: () => void; showDetails: () => void }

/** What is the matter with a channel, in the relay's words, and the button that helps, in place. client:CHN1 */
export function ChannelFix({ config, actions, showCode, showDetails }: Props) {
  const { state, detail } = config.status
  switch (state) {
    case 'waiting_pairing':
      return (
        <Fix icon={Clock} text={detail ?? i18n.t('channels.fixes.waiting_pairing')}>
          <Button small onClick={showCode}>
            {i18n.t('channels.fixes.show')}
          </Button>
        </Fix>
      )
    case 'waiting_verification':
      return <ConfirmFix config={config} actions={actions} />
    case 'degraded':
    case 'conflict':
      return <CheckFix config={config} actions={actions} text={detail ?? i18n.t(`channels.fixes.${state}`)} />
    case 'auth_failed':
    case 'not_configured':
      if (config.type === 'webhook')
        return (
          <Fix icon={TriangleAlert} text={detail ?? i18n.t('channels.fixes.secrets')}>
            <Button small onClick={showDetails}>
              {i18n.t('channels.fixes.showSecrets')}
            </Button>
          </Fix>
        )
      return <TokenFix config={config} actions={actions} text={detail ?? i18n.t(`channels.fixes.${state}`)} />
    case 'ok':
    case 'connecting':
    case 'disabled':
      return null
  }
}

function ConfirmFix({ config, actions }: Pick<Props, 'config' | 'actions'>) {
  const resend = useResend(config.id, actions.resendVerification)
  const address = channelFacts(config).userEmail ?? i18n.t('channels.fixes.yourAddress')
  return (
    <Fix icon={Mail} text={resend.sent ? i18n.t('wizard.email.sent') : i18n.t('channels.fixes.waiting_verification', { address })}>
      <Button small disabled={resend.busy} onClick={() => void resend.run()}>
        {i18n.t('wizard.email.again')}
      </Button>
      <FailureNote failure={resend.failure} />
    </Fix>
  )
}

function CheckFix({ actions, text }: Pick<Props, 'config' | 'actions'> & { text: string }) {
  const refresh = useAction(actions.refresh)
  return (
    <Fix icon={TriangleAlert} text={text}>
      <Button small disabled={refresh.busy} onClick={() => void refresh.run()}>
        {i18n.t('channels.fixes.check')}
      </Button>
      <FailureNote failure={refresh.failure} />
    </Fix>
  )
}

function TokenFix({ config, actions, text }: Pick<Props, 'config' | 'actions'> & { text: string }) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  const isFailed = config.status.state === 'auth_failed'
  return (
    <div class={`channel-fix banner ${isFailed ? 'banner-fail' : 'banner-warn'}`}>
      {isFailed ? <CircleAlert class="i" aria-hidden="true" /> : <TriangleAlert class="i" aria-hidden="true" />}
      <div class="grow">
        <bdi>{text}</bdi>
        {open ? (
          <TokenBox
            type={config.type}
            name={channelTitle(config) || channelName(config.type)}
            add={actions.add}
            onDone={close}
            onCancel={close}
            focus
          />
        ) : (
          <div class="actions">
            <Button small onClick={() => setOpen(true)}>
              {i18n.t('channels.fixes.paste')}
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}

function Fix({ icon, text, children }: { icon: typeof Clock; text: string; children: ComponentChildren }) {
  return (
    <div class="channel-fix">
      <Banner kind="warn" icon={icon} actions={children}>
        <bdi>{text}</bdi>
      </Banner>
    </div>
  )
}
