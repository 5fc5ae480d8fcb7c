import { RelayError } from '#protocol/errors.ts'
import type { ChannelRecord } from '../store/records.ts'
import type { ChannelHost } from './port.ts'

/** A channel of this session. Somebody else's is refused with the very words of one that does not exist. relay:CH7, REP3 */
export function ownChannel(host: Pick<ChannelHost, 'channel'>, userId: string, id: string | undefined): ChannelRecord {
  const channel = host.channel(id ?? '')
  if (channel?.userId !== userId) throw channelGone()
  return channel
}

export function channelGone(): RelayError {
  return new RelayError('channel_not_found', 'There is no such channel.')
}
