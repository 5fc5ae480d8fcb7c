import type { ChannelState, Direction, SigningScheme } from '#protocol/channel.ts'
import type { ChannelType, Metadata } from '#protocol/message.ts'

/**
 * A channel as the relay keeps it. `secrets` are sealed strings (relay:STO2) and never leave the relay as fields.
 * Times are epoch milliseconds.
 */
export type ChannelRecord = {
  id: string
  userId: string
  type: ChannelType
  revision: number
  name?: string
  prompt?: string
  agentId: string
  direction: Direction
  enabled: boolean
  runInBackground?: boolean
  notifyOnComplete?: boolean
  createdAt: number
  /** The caller's own metadata (relay:CH2), with allowedUsers, allowedSenders, mentionOnly, jsonFormat. */
  metadata: Metadata
  /** What the channel kind itself keeps: bot id and username, inbound address, user email, verified, mode… Shown where CH6 allows. */
  platform: Metadata
  secrets: ChannelSecrets
  status: { state: ChannelState; detail?: string }
  /** Targets of the conversations in which agents may not answer; '' for a webhook's only one. relay:TKO1 */
  takenOver?: string[]
}

export type ChannelSecrets = {
  webhook?: string
  webhookPrevious?: Expiring
  signing?: { scheme: SigningScheme; sealed: string }
  signingPrevious?: Expiring & { scheme: SigningScheme }
  botToken?: string
  /** Slack's app-level token, for Socket Mode. */
  appToken?: string
  /** What the platform must show us: Telegram's secret_token, Slack's signing secret. */
  platform?: string
  pairing?: { sealed: string; expiresAt: number; wrongGuesses: number }
  /** The code that was redeemed last, sealed: a text that repeats it is not a message either. relay:PAIR3 */
  pairingUsed?: string
  verification?: { sealed: string; expiresAt: number }
}

export type Expiring = { sealed: string; until: number }
