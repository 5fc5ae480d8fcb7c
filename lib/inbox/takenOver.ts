import type { ChannelConfig } from '#protocol/channel.ts'
import type { Conversation } from './model.ts'

/**
 * What the relay calls a conversation: the chat, channel or address in its id; '' for a webhook, which is only one. `undefined` where its messages
 * named none. relay:TKO1
 */
export function nameAtRelay({
  id,
  channelId,
  channelType,
}: Pick<Conversation, 'id' | 'channelId' | 'channelType'>): string | undefined {
  if (channelType === 'webhook') return ''
  return id.slice(channelId.length + 1) || undefined
}

/** Whether the owner answers alone. `undefined` where there is nothing to choose: nobody answers here, or the relay does not know of it. client:TKO1 */
export function isTakenOver(
  channel: ChannelConfig | undefined,
  conversation: Pick<Conversation, 'id' | 'channelId' | 'channelType'>,
): boolean | undefined {
  const name = nameAtRelay(conversation)
  if (!channel?.takenOver || name === undefined) return undefined
  const taken = channel.takenOver.includes(channel.type === 'email' ? name.toLowerCase() : name)
  return !taken && channel.direction === 'inbound' ? undefined : taken
}
