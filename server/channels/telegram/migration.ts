import type { ChannelHost } from '../port.ts'

/** A group that became a supergroup has a new id; replies to its old messages must still arrive. relay:TG11 */
export function rememberMigration(host: ChannelHost, channelId: string, from: string, to: string): Promise<void> {
  return host.setPosition(channelId, key(from), to)
}

/** Where a chat is now. Only groups, whose ids are negative, ever move. */
export async function currentChat(host: ChannelHost, channelId: string, chatId: string): Promise<string> {
  return chatId.startsWith('-') ? ((await host.position(channelId, key(chatId))) ?? chatId) : chatId
}

function key(chatId: string): string {
  return `migrated:${chatId}`
}
