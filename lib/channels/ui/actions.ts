import type { ChannelConfig } from '#protocol/channel.ts'
import type { ChannelType } from '#protocol/message.ts'
import type { ChannelChange } from '../messages.ts'
import type { ReadyGuess } from '../pasteGuess.ts'

export type Added = { channelId: string; type: ChannelType }

/** `remember` keeps a bot's token in this browser, encrypted, for when the relay loses it. client:REC4 */
export type AddOptions = { remember: boolean }

/** What the channels page asks for. Every refusal is a Failure with a sentence to show. */
export type ChannelActions = {
  /** Adds a channel, or repairs the one this token or address belongs to. */
  add: (guess: ReadyGuess, options: AddOptions) => Promise<Added>
  /** Gets back what the relay lost from what was kept here. client:REC2 */
  registerAgain: (channelId: string) => Promise<void>
  refresh: () => Promise<void>
  change: (channelId: string, change: ChannelChange) => Promise<ChannelConfig>
  remove: (channelId: string) => Promise<void>
  newPairingCode: (channelId: string) => Promise<{ pairingCode: string; expiresAt: string }>
  resendVerification: (channelId: string) => Promise<unknown>
  /** Posts a sample and resolves when it lies in the inbox, with the time that took in milliseconds. client:WIZ5 */
  sendTest: (channelId: string) => Promise<{ ms: number }>
  dismissStep: (channelId: string) => Promise<void>
}
