import type { ChannelHost } from '../port.ts'
import type { DiscordMessage } from './message.ts'
import { laterId } from './snowflake.ts'

/** Per channel of Discord: its newest message that was taken in, and the guild it belongs to, which the history does not tell. relay:DUR4 */
const LAST = 'discord.last:'
export type LastRead = { channelId: string; messageId: string; guildId: string | undefined }

/** The position to commit with a message. What comes late does not move it back. */
export async function lastReadPosition(
  host: ChannelHost,
  channelId: string,
  { id, channel_id, guild_id }: Pick<DiscordMessage, 'id' | 'channel_id' | 'guild_id'>,
): Promise<{ key: string; value: string }> {
  const key = `${LAST}${channel_id}`
  const known = parse(key, (await host.position(channelId, key)) ?? '')
  const guildId = guild_id ?? known.guildId
  return { key, value: [laterId(id, known.messageId), ...(guildId ? [guildId] : [])].join(' ') }
}

export async function readLastRead(host: ChannelHost, channelId: string): Promise<LastRead[]> {
  return (await host.positions(channelId, LAST)).map(({ key, value }) => parse(key, value))
}

function parse(key: string, value: string): LastRead {
  const [messageId = '', guildId] = value.split(' ')
  return { channelId: key.slice(LAST.length), messageId, guildId }
}
