import * as z from 'zod/mini'
import { channelTypeSchema, metadataSchema } from './message.ts'

export const directionSchema = z.enum(['inbound', 'bidirectional'])
export type Direction = z.infer<typeof directionSchema>

/** How senders of a webhook sign. relay:WH8, WH9 */
export const signingSchemeSchema = z.enum(['standard', 'github'])
export type SigningScheme = z.infer<typeof signingSchemeSchema>

export const channelStates = [
  'not_configured',
  'waiting_pairing',
  'waiting_verification',
  'connecting',
  'ok',
  'degraded',
  'conflict',
  'auth_failed',
  'disabled',
] as const
export const channelStateSchema = z.enum(channelStates)
export type ChannelState = z.infer<typeof channelStateSchema>

/** relay §7. `detail` is the relay's fix sentence; times ISO 8601. */
export const channelStatusSchema = z.object({
  state: channelStateSchema,
  detail: z.optional(z.string()),
  lastInboundAt: z.optional(z.string()),
  rejected: z.optional(z.number()),
  lastRejectedReason: z.optional(z.string()),
})
export type ChannelStatus = z.infer<typeof channelStatusSchema>

/** A channel as its owner sees it. relay §7, CH6 */
export const channelConfigSchema = z.object({
  id: z.string(),
  type: channelTypeSchema,
  name: z.optional(z.string()),
  prompt: z.optional(z.string()),
  agentId: z.string(),
  direction: directionSchema,
  enabled: z.boolean(),
  runInBackground: z.optional(z.boolean()),
  notifyOnComplete: z.optional(z.boolean()),
  createdAt: z.string(),
  status: channelStatusSchema,
  webhookUrl: z.optional(z.string()),
  inboundUrl: z.optional(z.string()),
  /** Conversations in which agents may not answer: chatId, discordChannelId, slackChannelId or address; '' for a webhook's only one. relay:TKO1 */
  takenOver: z.optional(z.array(z.string())),
  /** May hold: allowedUsers, allowedSenders, botUsername, pairingCode, pairingExpiresAt, inboundAddress, userEmail, verified, jsonFormat, mentionOnly, signingScheme, webhookSecret (POST /channels answer only). */
  metadata: metadataSchema,
})
export type ChannelConfig = z.infer<typeof channelConfigSchema>

/** Body of POST /channels. relay:CH2 */
export const newChannelSchema = z.object({
  type: z.optional(z.string()),
  id: z.optional(z.string()),
  name: z.optional(z.string()),
  prompt: z.optional(z.string()),
  direction: z.optional(directionSchema),
  agentId: z.optional(z.string()),
  enabled: z.optional(z.boolean()),
  runInBackground: z.optional(z.boolean()),
  notifyOnComplete: z.optional(z.boolean()),
  metadata: z.optional(metadataSchema),
})
export type NewChannel = z.infer<typeof newChannelSchema>
