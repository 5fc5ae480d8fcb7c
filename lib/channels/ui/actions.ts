import type { ChannelConfig } from '#protocol/channel.ts'
import type { ChannelType } from '#protocol/message.ts'
import type { ChannelChange } from '../messages.ts'
import type { ReadyGuess } from '../pasteGuess.ts'

export type Added = { channelId: string; type: ChannelType }

/** What the channels page asks for. Every refusal is a Failure with a sentence to show. */
export type ChannelActions = {
  /** Adds a channel, or repairs the one this token or address belongs to. */
  add: (guess: ReadyGuess) => Promise<Added>
  refresh: () => Promise<void>
  change: (channelId: string, change: ChannelChange) => Promise<ChannelConfig>
  remove: (channelId: string) => Promise<void>
  newPairingCode: (channelId: string) => Promise<{ pairingCode: string; expiresAt: string }>
  resendVerification: (channelId: string) => Promise<unknown>
  /** Posts a sample and resolves when it lies in the inbox, with the time that took in milliseconds. client:WIZ5 */
  sendTest: (channelId: string) => Promise<{ ms: number }>
  dismissStep: (channelId: string) => Promise<void>
}
