import { i18n } from '#i18n'
import type { ChannelType } from '#protocol/message.ts'

/** "Telegram", "Email"… */
export function channelName(type: ChannelType): string {
  return i18n.t(`app.channel.${type}`)
}
