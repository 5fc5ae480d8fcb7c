import type { InboxMessage } from './model.ts'

/** Whether more than one person can write, and read, where this was written. */
export function isShared({ channelType, metadata }: Pick<InboxMessage, 'channelType' | 'metadata'>): boolean {
  switch (channelType) {
    case 'telegram':
      return metadata.chatType !== undefined && metadata.chatType !== 'private'
    case 'discord':
      return metadata.guildId !== undefined
    case 'slack':
      return !String(metadata.slackChannelId ?? '').startsWith('D')
    case 'email':
      return false
    case 'webhook':
      return true
  }
}

/** What the relay calls a source that does not name itself. relay:WH5 */
const NAMELESS = 'webhook'

/** Who has to be named beside the words, because the place does not say it. */
export function speakerOf(message: Pick<InboxMessage, 'channelType' | 'metadata' | 'from'>): string | undefined {
  return isShared(message) && message.from !== NAMELESS ? message.from : undefined
}

/** A person where one speaks alone; where several may, the place, so that a group does not pass for one of its members. */
export function titleOf(message: Pick<InboxMessage, 'channelType' | 'metadata' | 'from'>): string {
  if (!isShared(message)) return message.from
  const { chatTitle, channelName } = message.metadata
  const place = [chatTitle, channelName].find((name) => typeof name === 'string' && name !== '')
  return typeof place === 'string' ? place : message.from
}
