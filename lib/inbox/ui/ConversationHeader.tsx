import { ArrowLeft, Ellipsis } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { useAction } from '../../ui/action.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { channelName } from '../../ui/channelName.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { go } from '../../ui/router.ts'
import type { Conversation } from '../model.ts'
import { useHost } from './host.ts'
import { LIST } from './places.ts'

/** Who, by which channel, and what else can be done with the conversation. */
export function ConversationHeader({ row, channel }: { row: Conversation | undefined; channel: ChannelConfig | undefined }) {
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
            <span class="caption muted truncate">{subtitle(row, channel)}</span>
          </span>
          <More row={row} />
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

function More({ row }: { row: Conversation }) {
  const { inbox, settings, changeSettings } = useHost()
  const [asking, setAsking] = useState(false)
  const conversation = { profileId: row.profileId, conversationId: row.id }
  const leave = (): void => go([])
  const unread = useAction(async () => {
    await inbox.markUnread(conversation)
    leave()
  })
  const remove = useAction(async () => {
    await inbox.removeConversation(conversation)
    leave()
  })
  const muted = settings?.mutedChannels.includes(row.channelId) ?? false
  const mute = useAction(() => {
    const others = (settings?.mutedChannels ?? []).filter((id) => id !== row.channelId)
    return changeSettings({ mutedChannels: muted ? others : [...others, row.channelId] })
  })
  return (
    <>
      <Menu
        icon={Ellipsis}
        label={i18n.t('thread.more')}
        items={[
          { label: i18n.t('thread.menu.unread'), act: () => void unread.run() },
          ...(settings ? [{ label: i18n.t(muted ? 'thread.menu.unmute' : 'thread.menu.mute'), act: () => void mute.run() }] : []),
          { label: i18n.t('thread.menu.remove'), act: () => setAsking(true), danger: true },
        ]}
      />
      {asking && (
        <ConfirmDialog
          title={i18n.t('thread.remove.title')}
          confirm={i18n.t('thread.remove.confirm')}
          danger
          busy={remove.busy}
          failure={remove.failure}
          onConfirm={() => void remove.run()}
          onCancel={() => setAsking(false)}
        >
          <p>{i18n.t('thread.remove.text', { name: channelName(row.channelType) })}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
