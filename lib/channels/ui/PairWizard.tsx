import { Check, ExternalLink, LoaderCircle } from 'lucide-preact'
import { useEffect, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { channelName } from '../../ui/channelName.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { useNow } from '../../ui/now.ts'
import { QrCode } from '../../ui/QrCode.tsx'
import { rich, slots } from '../../ui/rich.tsx'
import { type ChannelFacts, channelFacts, type Pairing, pairingOf, telegramLink } from '../facts.ts'
import type { ChannelActions } from './actions.ts'
import { InviteBot } from './InviteBot.tsx'
import { PairingCode } from './PairingCode.tsx'
import { Steps } from './Steps.tsx'
import { WizardCard } from './WizardCard.tsx'

type Props = {
  config: ChannelConfig
  /** The bot knows its person now. */
  done: boolean
  newCode: ChannelActions['newPairingCode']
  onClose: () => void
  focus: boolean
}

/** The last step of a bot: sending it the code. It turns done by itself. client:WIZ1-WIZ3, WIZ6 */
export function PairWizard({ config, done, newCode, onClose, focus }: Props) {
  const now = useNow(done ? undefined : 1000)
  const { facts, renew } = useFreshCode(config, newCode)
  const pairing = pairingOf(facts, now)
  const isTelegram = config.type === 'telegram'
  const bot = facts.botUsername ? `@${facts.botUsername}` : i18n.t('wizard.telegram.your')
  const filled = facts.botUsername && isTelegram ? telegramLink(facts.botUsername, live(pairing)) : undefined
  const link = filled ?? facts.botUrl
  useSayDone(done, bot)

  const steps = [
    isTelegram ? i18n.t('wizard.telegram.made') : i18n.t(`wizard.${config.type === 'slack' ? 'slack' : 'discord'}.made`),
    rich(i18n.t('wizard.telegram.accepted', slots('bot')), { bot: <b>{bot}</b> }),
    done ? (
      <p>{rich(i18n.t('wizard.telegram.paired', slots('bot')), { bot: <b>{bot}</b> })}</p>
    ) : (
      <>
        <p>{sendSentence(config.type, bot)}</p>
        {facts.inviteUrl && <InviteBot url={facts.inviteUrl} primary />}
        {facts.inviteUrl && <p class="hint">{i18n.t('wizard.discord.where')}</p>}
        <PairingCode pairing={pairing} now={now} />
        <div class="row-line wizard-actions">
          {link && pairing.state === 'live' && (
            <a class="btn btn-primary" href={link} target="_blank" rel="noreferrer noopener">
              {i18n.t(isTelegram ? 'wizard.telegram.open' : 'wizard.slack.open')}
              <Icon of={ExternalLink} flip />
            </a>
          )}
          <Button kind={pairing.state === 'live' ? 'quiet' : 'primary'} disabled={renew.busy} onClick={() => void renew.run()}>
            {i18n.t('wizard.newCode')}
          </Button>
          {pairing.state === 'live' && (
            <span class="hint">
              <Icon of={LoaderCircle} spin />
              {i18n.t('wizard.telegram.waiting')}
            </span>
          )}
        </div>
        <FailureNote failure={renew.failure} />
      </>
    ),
  ]
  return (
    <WizardCard
      type={config.type}
      title={channelName(config.type)}
      sub={done ? i18n.t('wizard.ready') : i18n.t('wizard.step', { now: 3, all: 3 })}
      closeLabel={i18n.t(done ? 'wizard.close' : 'wizard.stays')}
      onClose={onClose}
      focus={focus}
      side={
        !done && filled && pairing.state === 'live' ? (
          <>
            <QrCode text={filled} label={i18n.t('wizard.telegram.qr')} />
            <span class="scan">{i18n.t('wizard.telegram.scan')}</span>
          </>
        ) : undefined
      }
    >
      <Steps steps={steps} now={done ? 3 : 2} />
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

/** A new code counts from the moment the relay gave it, before the list of channels tells of it. */
function useFreshCode(config: ChannelConfig, newCode: Props['newCode']) {
  const [fresh, setFresh] = useState<Pick<ChannelFacts, 'pairingCode' | 'pairingExpiresAt'>>()
  const renew = useAction(async () => {
    const { pairingCode, expiresAt } = await newCode(config.id)
    setFresh({ pairingCode, pairingExpiresAt: Date.parse(expiresAt) })
  })
  const facts = channelFacts(config)
  const isNewer = fresh?.pairingExpiresAt !== undefined && fresh.pairingExpiresAt > (facts.pairingExpiresAt ?? 0)
  return { facts: isNewer ? { ...facts, ...fresh } : facts, renew }
}

function useSayDone(done: boolean, bot: string): void {
  const announce = useAnnounce()
  useEffect(() => {
    if (done) announce(i18n.t('wizard.telegram.paired', { bot }))
  }, [done])
}

function sendSentence(type: ChannelConfig['type'], bot: string) {
  if (type === 'discord') return i18n.t('wizard.discord.send')
  return rich(i18n.t(type === 'slack' ? 'wizard.slack.send' : 'wizard.telegram.send', slots('bot')), { bot: <b>{bot}</b> })
}

function live(pairing: Pairing): string | undefined {
  return pairing.state === 'live' ? pairing.code : undefined
}
