import { Check, LoaderCircle } from 'lucide-preact'
import { useEffect, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { channelName } from '../../ui/channelName.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { rich, slots } from '../../ui/rich.tsx'
import { channelFacts } from '../facts.ts'
import type { ChannelActions } from './actions.ts'
import { Steps } from './Steps.tsx'
import { WizardCard } from './WizardCard.tsx'

type Props = {
  config: ChannelConfig
  done: boolean
  resend: ChannelActions['resendVerification']
  onClose: () => void
  focus: boolean
}

/** Waiting for the confirmation of an address. It turns done by itself. client:WIZ4 */
export function EmailWizard({ config, done, resend, onClose, focus }: Props) {
  const announce = useAnnounce()
  const { inboundAddress = '', userEmail } = channelFacts(config)
  const again = useResend(config.id, resend)
  useEffect(() => {
    if (done) announce(i18n.t('wizard.email.confirmed', { address: inboundAddress }))
  }, [done])

  const made = (
    <span class="copy-line">
      <span class="grow-0">{rich(i18n.t('wizard.email.made', slots('address')), { address: <code>{inboundAddress}</code> })}</span>
      <CopyButton bare text={inboundAddress} thing={i18n.t('channels.addressOf', { name: inboundAddress })} />
    </span>
  )
  const confirm = done ? (
    <p>{rich(i18n.t('wizard.email.confirmed', slots('address')), { address: <b>{inboundAddress}</b> })}</p>
  ) : (
    <>
      <p>
        {rich(i18n.t('wizard.email.confirm', slots('address')), {
          address: <b>{userEmail ?? i18n.t('channels.fixes.yourAddress')}</b>,
        })}
      </p>
      <p class="small muted">{i18n.t('wizard.email.junk')}</p>
      <div class="row-line wizard-actions">
        <Button disabled={again.busy} onClick={() => void again.run()}>
          {i18n.t('wizard.email.again')}
        </Button>
        <span class="hint">
          <Icon of={again.sent ? Check : LoaderCircle} spin={!again.sent} />
          {i18n.t(again.sent ? 'wizard.email.sent' : 'wizard.email.waiting')}
        </span>
      </div>
      <FailureNote failure={again.failure} />
    </>
  )
  return (
    <WizardCard
      type="email"
      title={channelName('email')}
      sub={done ? i18n.t('wizard.ready') : i18n.t('wizard.step', { now: 2, all: 2 })}
      closeLabel={i18n.t(done ? 'wizard.close' : 'wizard.stays')}
      onClose={onClose}
      focus={focus}
    >
      <Steps steps={[made, confirm]} now={done ? 2 : 1} />
      {done && (
        <div class="row-line wizard-actions">
          <Button kind="primary" onClick={onClose}>
            <Icon of={Check} />
            {i18n.t('wizard.finished')}
          </Button>
        </div>
      )}
    </WizardCard>
  )
}

/** Sends the confirmation link again, and says for a while that it went out. */
export function useResend(channelId: string, resend: ChannelActions['resendVerification']) {
  const announce = useAnnounce()
  const [sent, setSent] = useState(false)
  const action = useAction(async () => {
    setSent(false)
    await resend(channelId)
    setSent(true)
    announce(i18n.t('wizard.email.sent'))
  })
  return { ...action, sent }
}
