import * as z from 'zod/mini'
import { channelConfigSchema } from './channel.ts'
import { publicKeySchema } from './keys.ts'
import { replyStateSchema, storedResponseSchema } from './message.ts'

/** Answers of the HTTP routes, as the client checks them (client:ARC7, HTE6) and as the relay's tests read them. */

export const errorAnswerSchema = z.object({
  error: z.string(),
  code: z.string(),
  serverTime: z.optional(z.string()),
  retryAfter: z.optional(z.number()),
  requestId: z.optional(z.string()),
})

export const healthAnswerSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  websockets: z.number(),
  uptime: z.number(),
  serverTime: z.string(),
  features: z.array(z.string()),
})
export type HealthAnswer = z.infer<typeof healthAnswerSchema>

/** All that GET /health says; `kvLive` with `deep=1`, `ms` in milliseconds. relay:HLT1, HLT2 */
export const fullHealthAnswerSchema = z.extend(healthAnswerSchema, {
  deploymentId: z.string(),
  kv: z.boolean(),
  kvStats: z.object({ ops: z.number(), errors: z.number(), timeouts: z.number(), lastError: z.nullable(z.string()) }),
  initialized: z.boolean(),
  kvLive: z.optional(z.object({ ok: z.boolean(), ms: z.number(), error: z.optional(z.string()) })),
})
export type FullHealthAnswer = z.infer<typeof fullHealthAnswerSchema>

export const registerAnswerSchema = z.object({
  userId: z.string(),
  apiKey: z.string(),
  serverPublicKey: publicKeySchema,
})
export type RegisterAnswer = z.infer<typeof registerAnswerSchema>

/** relay §4: `since` ISO 8601, `nextAfter` and `head` are seqs. */
export const messagesAnswerSchema = z.object({
  messages: z.array(z.unknown()),
  since: z.string(),
  hasMore: z.boolean(),
  nextAfter: z.number(),
  head: z.number(),
  epoch: z.string(),
  recovered: z.boolean(),
  dropped: z.number(),
})
export type MessagesAnswer = z.infer<typeof messagesAnswerSchema>

export const replyAnswerSchema = z.object({
  ok: z.literal(true),
  responseId: z.string(),
  channelId: z.string(),
  channelType: z.string(),
  state: replyStateSchema,
})
export type ReplyAnswer = z.infer<typeof replyAnswerSchema>

/** Answer of GET /replies. `next` is the `after` of the page that follows. relay:HIS1 */
export const historyAnswerSchema = z.object({
  replies: z.array(z.unknown()),
  epoch: z.string(),
  next: z.number(),
  hasMore: z.boolean(),
})
export type HistoryAnswer = z.infer<typeof historyAnswerSchema>

export const channelsAnswerSchema = z.object({ channels: z.array(z.unknown()) })
export const channelCreatedSchema = z.object({
  channel: channelConfigSchema,
  webhookUrl: z.optional(z.string()),
})
export const channelChangedSchema = z.object({
  ok: z.literal(true),
  channel: channelConfigSchema,
  ignored: z.optional(z.array(z.string())),
})
export const botRegisteredSchema = z.object({
  channelId: z.string(),
  botUsername: z.string(),
  pairingCode: z.string(),
  pairingExpiresAt: z.string(),
  pairingUrl: z.optional(z.string()),
  inviteUrl: z.optional(z.string()),
  inboundUrl: z.optional(z.string()),
  mode: z.optional(z.string()),
})
export type BotRegistered = z.infer<typeof botRegisteredSchema>
export const emailRegisteredSchema = z.object({
  channelId: z.string(),
  inboundAddress: z.string(),
  verificationExpiresAt: z.string(),
})
export const pairingAnswerSchema = z.object({ pairingCode: z.string(), expiresAt: z.string() })
export type PairingAnswer = z.infer<typeof pairingAnswerSchema>
export const verificationAnswerSchema = z.object({ ok: z.literal(true), expiresAt: z.string() })
export const secretRotatedSchema = z.object({
  secret: z.string(),
  webhookUrl: z.optional(z.string()),
  previousValidUntil: z.optional(z.string()),
})
export const ticketAnswerSchema = z.object({ ticket: z.string(), expiresInSeconds: z.number() })
export const okAnswerSchema = z.object({ ok: z.literal(true) })

/** Answer of POST /webhook/:id. relay:WH1, DUR3 */
export const webhookAnswerSchema = z.object({
  ok: z.literal(true),
  messageId: z.string(),
  duplicate: z.optional(z.boolean()),
})

/** Answer of GET /responses/:id. relay:CH12 */
export const responsesAnswerSchema = z.object({
  responses: z.array(storedResponseSchema),
  since: z.string(),
  hasMore: z.boolean(),
})
export type ResponsesAnswer = z.infer<typeof responsesAnswerSchema>

/** Answer to a platform that delivers an event: `messageId` where one was stored. relay:TG5, EML7 */
export const eventAnswerSchema = z.object({
  ok: z.literal(true),
  messageId: z.optional(z.string()),
  duplicate: z.optional(z.boolean()),
})
/** Answer to a post of Slack: taken, or the challenge it sends to prove the address. relay:SL3 */
export const slackAnswerSchema = z.union([eventAnswerSchema, z.object({ challenge: z.string() })])

/** Answer to Discord's interactions, as Discord numbers them, or to who forwards a message. relay:DC6, DC7 */
export const discordAnswerSchema = z.union([
  eventAnswerSchema,
  z.object({
    type: z.number(),
    data: z.optional(
      z.object({ content: z.optional(z.string()), flags: z.optional(z.number()), choices: z.optional(z.array(z.unknown())) }),
    ),
  }),
])
