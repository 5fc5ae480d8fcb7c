import { ArrowLeft, Check, Ellipsis } from 'lucide-preact'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { channelName } from '../../ui/channelName.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { go } from '../../ui/router.ts'
import type { Conversation } from '../model.ts'
import type { ConversationRow } from '../queries.ts'
import { LIST } from './places.ts'
import { useConversationMenu } from './useConversationMenu.tsx'
import { useSomebodyTyping } from './useSomebodyTyping.ts'

/** Who, by which channel, and what else can be done with the conversation. */
type Props = { row: ConversationRow | undefined; channel: ChannelConfig | undefined; now: number }

export function ConversationHeader({ row, channel, now }: Props) {
  const typing = useSomebodyTyping(row?.id ?? '')
  return (
    <header class="topbar">
      <IconButton icon={ArrowLeft} flip class="back" href={LIST} label={i18n.t('thread.back')} />
      {row && (
        <>
          <Avatar name={row.title} type={row.channelType} />
          <span class="stack grow topbar-title">
            <h1 class="truncate">
              <bdi>{row.title}</bdi>
            </h1>
            <span class="caption muted truncate">{typing ? i18n.t('thread.typing') : subtitle(row, channel)}</span>
            <span class="sr" role="status">
              {typing && i18n.t('thread.typing')}
            </span>
          </span>
          <More row={row} now={now} />
        </>
      )}
    </header>
  )
}

function subtitle(row: Conversation, channel: ChannelConfig | undefined): string {
  const name = channel?.agentId || channel?.name
  const type = channelName(row.channelType)
  return name && name !== row.title ? i18n.t('thread.with', { channel: type, name }) : type
}

function More({ row, now }: { row: ConversationRow; now: number }) {
  const { items, dialog, copied } = useConversationMenu(row, { now, onGone: () => go([]) })
  return (
    <>
      <Menu icon={copied ? Check : Ellipsis} label={i18n.t('thread.more')} items={items} />
      {dialog}
    </>
  )
}
