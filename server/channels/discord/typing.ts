import * as z from 'zod'
import { allowedUsers } from '../pairing.ts'
import type { ChannelHost } from '../port.ts'

const typingSchema = z.object({ channel_id: z.string(), user_id: z.string(), guild_id: z.string().optional() })

/** Somebody writes in a conversation there is, and may: whoever is connected is told, and nothing is kept. relay:TPS1 */
export async function tellTyping(host: ChannelHost, channelId: string, data: unknown): Promise<void> {
  const parsed = typingSchema.safeParse(data)
  const channel = host.channel(channelId)
  if (!parsed.success || !channel?.enabled) return
  const { channel_id: target, user_id: sender, guild_id: guild } = parsed.data
  if (!allowedUsers(channel).includes(sender) || (guild !== undefined && channel.metadata.mentionOnly === true)) return
  if (await host.origin(channelId, { target })) host.typing(channel, { discordChannelId: target })
}
