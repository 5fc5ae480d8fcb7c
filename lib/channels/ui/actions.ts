import type * as z from 'zod/mini'
import type { ChannelConfig } from '#protocol/channel.ts'
import type { secretRotatedSchema } from '#protocol/http.ts'
import type { ChannelType } from '#protocol/message.ts'
import type { ChannelChange } from '../messages.ts'
import type { ReadyGuess } from '../pasteGuess.ts'
import type { Rotation } from './useRotation.ts'

/** `previousValidUntil` ISO 8601: until then the secret before still works. */
export type Rotated = z.output<typeof secretRotatedSchema>

export type Added = { channelId: string; type: ChannelType }

/** `remember` keeps a bot's token in this browser, encrypted, for when the relay loses it. client:REC4 */
export type AddOptions = { remember: boolean }

/** What the channels page asks for. Every refusal is a Failure with a sentence to show. */
export type ChannelActions = {
  /** Adds a channel, or repairs the one this token or address belongs to. */
  add: (guess: ReadyGuess, options: AddOptions) => Promise<Added>
  /** Gets back what the relay lost from what was kept here, `anew` as another channel. Resolves with its id. client:REC2, REC3 */
  registerAgain: (channelId: string, anew: boolean) => Promise<string>
  refresh: () => Promise<void>
  change: (channelId: string, change: ChannelChange) => Promise<ChannelConfig>
  remove: (channelId: string) => Promise<void>
  newPairingCode: (channelId: string) => Promise<{ pairingCode: string; expiresAt: string }>
  resendVerification: (channelId: string) => Promise<unknown>
  /** client:CHN3 */
  rotateSecret: (channelId: string, wanted: Rotation) => Promise<Rotated>
  /** Posts a sample and resolves when it lies in the inbox, with the time that took in milliseconds. client:WIZ5 */
  sendTest: (channelId: string) => Promise<{ ms: number }>
  dismissStep: (channelId: string) => Promise<void>
}
