import { ArrowDownToLine, Eye, Unplug } from 'lucide-preact'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { Conversation } from '../model.ts'
import { useHost } from './host.ts'
import { ScheduledTray } from './ScheduledTray.tsx'

type Props = { row: Conversation; channel: ChannelConfig | undefined; observed: boolean }

/** In place of the reply box where nothing can be answered: why, and what to do about it; and what is planned still. client:CRP4, SCH4 */
export function NoReply(props: Props) {
  return (
    <div class="composer">
      <ScheduledTray conversationId={props.row.id} />
      <Reason {...props} />
    </div>
  )
}

function Reason({ row, channel, observed }: Props) {
  const { switchRepliesOn, settings, changeSettings } = useHost()
  const change = useAction(() => switchRepliesOn(row.channelId))
  const answer = useAction(() =>
    changeSettings({ observedChannels: (settings?.observedChannels ?? []).filter((id) => id !== row.channelId) }),
  )
  if (channel && observed)
    return (
      <div class="no-reply">
        <Icon of={Eye} />
        <div class="grow">
          <p>
            <b>{i18n.t('composer.observed.title', { name: channel.name || row.title })}</b> {i18n.t('composer.observed.text')}
          </p>
          <Button small disabled={answer.busy} onClick={() => void answer.run()}>
            {i18n.t('composer.observed.answer')}
          </Button>
          <FailureNote failure={answer.failure} />
        </div>
      </div>
    )
  if (!channel)
    return (
      <div class="no-reply">
        <Icon of={Unplug} />
        <div class="grow">
          <p>{i18n.t('composer.gone.title')}</p>
          <a class="btn btn-sm" href={`/options.html${location.search}#/channels`} target="_blank" rel="noreferrer">
            {i18n.t('composer.gone.channels')}
          </a>
        </div>
      </div>
    )
  return (
    <div class="no-reply">
      <Icon of={ArrowDownToLine} />
      <div class="grow">
        <p>
          <b>{i18n.t('composer.oneWay.title', { name: channel.name ?? row.title })}</b>{' '}
          {i18n.t(row.channelType === 'webhook' ? 'composer.oneWay.webhook' : 'composer.oneWay.other')}
        </p>
        <Button small disabled={change.busy} onClick={() => void change.run()}>
          {i18n.t('composer.oneWay.switch')}
        </Button>
        <FailureNote failure={change.failure} />
      </div>
    </div>
  )
}
