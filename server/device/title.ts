import type { ChannelConfig } from '#protocol/channel.ts'

/** What a channel is called: its name, else what people know it by. */
export function titleOf({ id, name, metadata: { botUsername, inboundAddress } }: ChannelConfig): string {
  if (name) return name
  if (typeof botUsername === 'string') return `@${botUsername}`
  return typeof inboundAddress === 'string' ? inboundAddress : id
}
