import type { ChannelConfig } from '#protocol/channel.ts'

/** The relay's channel list as last seen, so that pages open with something. */
export type KnownChannel = { profileId: string; id: string; config: ChannelConfig; seenAt: number; order: number }

/** client:WIZ7: something the user still has to do for a channel. Codes come from the channel's own metadata. */
export type Step = {
  profileId: string
  channelId: string
  kind: 'pair' | 'verify' | 'paste_token' | 'register_again' | 'renew_signing'
  /** The relay holds its address or bot for an identity whose key is lost: nobody can take it over. client:REC3 */
  taken?: true
  channelType: ChannelConfig['type']
  createdAt: number
  dismissed: 0 | 1
}
