import type { ComponentChildren } from 'preact'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { type ChannelFacts, channelFacts, channelTitle, responsesUrl, telegramLink } from '../facts.ts'
import { InviteBot } from './InviteBot.tsx'
import { CurlExample } from './WebhookAddress.tsx'

/** One line of the details. */
export function Pair({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  )
}

/** Where a channel is reached from outside, each with a copy button. client:WIZ8 */
export function ChannelAddresses({ config }: { config: ChannelConfig }) {
  const facts = channelFacts(config)
  const responses = config.direction === 'bidirectional' ? responsesUrl(config) : undefined
  return (
    <>
      {config.webhookUrl && (
        <Pair term={i18n.t('channels.address')}>
          <Copyable text={config.webhookUrl} of={config} />
        </Pair>
      )}
      {config.webhookUrl && (
        <Pair term={i18n.t('channels.example')}>
          <CurlExample url={config.webhookUrl} />
        </Pair>
      )}
      {responses && (
        <Pair term={i18n.t('channels.responses')}>
          <Copyable text={responses} of={config} />
        </Pair>
      )}
      {config.inboundUrl && (
        <Pair term={i18n.t(config.type === 'discord' ? 'channels.interactionsUrl' : 'channels.requestUrl')}>
          <Copyable text={config.inboundUrl} of={config} />
        </Pair>
      )}
      {facts.inboundAddress && (
        <Pair term={i18n.t('channels.address')}>
          <Copyable text={facts.inboundAddress} of={config} />
        </Pair>
      )}
      {facts.userEmail && <Pair term={i18n.t('channels.confirmedBy')}>{facts.userEmail}</Pair>}
      {facts.inviteUrl && (
        <Pair term={i18n.t('channels.invite')}>
          <InviteBot url={facts.inviteUrl} />
        </Pair>
      )}
      {facts.botUsername && <Pair term={i18n.t('channels.bot')}>{bot(config, facts)}</Pair>}
    </>
  )
}

function Copyable({ text, of }: { text: string; of: ChannelConfig }) {
  const name = channelTitle(of) || i18n.t('channels.unnamed')
  return (
    <span class="copy-line">
      <code dir="ltr">{text}</code>
      <CopyButton bare text={text} thing={i18n.t('channels.addressOf', { name })} />
    </span>
  )
}

function bot({ type }: ChannelConfig, { botUsername: username = '', botUrl }: ChannelFacts): ComponentChildren {
  const address = type === 'telegram' ? telegramLink(username) : botUrl
  if (!address) return <bdi>@{username}</bdi>
  return (
    <a href={address} target="_blank" rel="noreferrer noopener">
      <bdi>@{username}</bdi>
    </a>
  )
}
