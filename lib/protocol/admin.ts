import * as z from 'zod/mini'
import { channelStatusSchema } from './channel.ts'
import { channelTypeSchema, messageSchema } from './message.ts'

/** Answers of the operator's routes. relay §16 */

/** A channel as the operator sees it: no address that holds a secret, no code. relay:ADM6, ADM9 */
export const adminChannelSchema = z.object({
  id: z.string(),
  type: channelTypeSchema,
  agentId: z.string(),
  enabled: z.boolean(),
  status: channelStatusSchema,
  botUsername: z.optional(z.string()),
  allowedUsers: z.optional(z.array(z.string())),
  allowedSenders: z.optional(z.array(z.string())),
  inboundAddress: z.optional(z.string()),
  verified: z.optional(z.boolean()),
  hasPairingCode: z.boolean(),
})
export type AdminChannel = z.infer<typeof adminChannelSchema>

/** `unacked`: stored messages no client has acknowledged; `dropped`: those that expired so since the relay started. */
export const adminSessionSchema = z.object({
  userId: z.string(),
  createdAt: z.string(),
  wsConnections: z.number(),
  unacked: z.number(),
  dropped: z.number(),
  channels: z.array(adminChannelSchema),
})
export type AdminSession = z.infer<typeof adminSessionSchema>

/** `content` is at most ADMIN_PREVIEW long. */
export const adminRecentSchema = z.object({
  id: z.string(),
  seq: z.number(),
  userId: z.string(),
  channelType: channelTypeSchema,
  channelId: z.string(),
  from: z.string(),
  content: z.string(),
  timestamp: z.string(),
})
export type AdminRecent = z.infer<typeof adminRecentSchema>

/** GET /admin/status. `uptime` in seconds. relay:ADM6 */
export const adminStatusSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  kv: z.boolean(),
  websockets: z.number(),
  uptime: z.number(),
  sessions: z.array(adminSessionSchema),
  recentMessages: z.array(adminRecentSchema),
})
export type AdminStatus = z.infer<typeof adminStatusSchema>

/** GET /admin/sessions/:userId/messages, newest first; `cursor` asks for the next page and is null after the last. relay:ADM7 */
export const adminMessagesSchema = z.object({ messages: z.array(messageSchema), cursor: z.nullable(z.string()) })
export type AdminMessages = z.infer<typeof adminMessagesSchema>

/** DELETE /admin/sessions/:userId; `deleted` is the userId. relay:ADM8 */
export const sessionDeletedSchema = z.object({ ok: z.literal(true), deleted: z.string() })
export type SessionDeleted = z.infer<typeof sessionDeletedSchema>
