import { LoaderCircle } from 'lucide-preact'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { channelFacts } from '../../channels/facts.ts'
import type { ChannelActions } from '../../channels/ui/actions.ts'
import { TestMessage } from '../../channels/ui/TestMessage.tsx'
import { Tick } from '../../inbox/ui/Tick.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { rich, slots } from '../../ui/rich.tsx'
import type { PageContext } from '../page.ts'
import { AnswerForm } from './AnswerForm.tsx'
import type { Newest } from './newest.ts'

type Props = {
  page: PageContext
  newest: Newest
  /** What can be written to: the newest that waits for nothing. */
  channel: ChannelConfig | undefined
  /** That of the newest message. */
  from: ChannelConfig | undefined
  actions: Pick<ChannelActions, 'sendTest' | 'change'>
  open: (conversationId: string) => void
}

/** The first message as it comes, and an answer to it right here. client:ONB3 */
export function AnswerStep({ page, newest: { conversation, message, reply }, channel, from, actions, open }: Props) {
  if (!conversation || !message) return <Waiting channel={channel} sendTest={actions.sendTest} />
  const answered = reply?.conversationId === conversation.id ? reply : undefined
  return (
    <>
      <figure class="start-talk">
        <figcaption class="row-line small muted">
          <ChannelMark type={conversation.channelType} silent />
          <bdi>{conversation.title}</bdi>
        </figcaption>
        <p class="start-words">
          <bdi>{message.content}</bdi>
        </p>
        {answered && (
          <p class="start-words own" role="status">
            <bdi>{answered.content}</bdi> <Tick reply={answered} />
          </p>
        )}
      </figure>
      {answered?.state === 'failed' && <p class="hint hint-fail">{answered.reason}</p>}
      {!answered && from?.direction !== 'inbound' && <AnswerForm page={page} conversation={conversation} />}
      {!answered && from?.direction === 'inbound' && <OneWay channelId={from.id} change={actions.change} />}
      <div>
        <Button small onClick={() => open(conversation.id)}>
          {i18n.t('start.answer.open')}
        </Button>
      </div>
    </>
  )
}

/** Nothing came yet: what to do on the other side. */
function Waiting({ channel, sendTest }: { channel: ChannelConfig | undefined; sendTest: ChannelActions['sendTest'] }) {
  if (!channel)
    return (
      <>
        <p class="muted">{i18n.t('start.answer.first')}</p>
        <div class="start-ghosts" aria-hidden="true">
          <span />
          <span class="own" />
        </div>
      </>
    )
  return (
    <>
      <p>{wayIn(channel)}</p>
      {channel.type === 'webhook' && <TestMessage channelId={channel.id} sendTest={sendTest} />}
      <p class="hint">
        <Icon of={LoaderCircle} spin />
        <span>{i18n.t('start.answer.waiting')}</span>
      </p>
    </>
  )
}

function wayIn(channel: ChannelConfig) {
  const { botUsername, inboundAddress } = channelFacts(channel)
  if (channel.type === 'webhook') return i18n.t('start.answer.webhook')
  if (channel.type === 'email')
    return rich(i18n.t('start.answer.email', slots('address')), { address: <code dir="ltr">{inboundAddress}</code> })
  const bot = botUsername ? `@${botUsername}` : i18n.t('wizard.telegram.your')
  return rich(i18n.t('start.answer.bot', slots('bot')), { bot: <b>{bot}</b> })
}

function OneWay({ channelId, change }: { channelId: string; change: ChannelActions['change'] }) {
  const turn = useAction(() => change(channelId, { direction: 'bidirectional' }))
  return (
    <div class="row-line">
      <span class="muted">{i18n.t('start.answer.oneWay')}</span>
      <Button small disabled={turn.busy} onClick={() => void turn.run()}>
        {i18n.t('start.answer.turnOn')}
      </Button>
      <FailureNote failure={turn.failure} />
    </div>
  )
}
