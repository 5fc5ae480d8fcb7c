import * as z from 'zod/mini'

export const channelTypes = ['webhook', 'telegram', 'discord', 'slack', 'email'] as const
export const channelTypeSchema = z.enum(channelTypes)
export type ChannelType = z.infer<typeof channelTypeSchema>

/** relay:ATT1, ATT3. `size` in bytes. */
export const attachmentSchema = z.object({
  id: z.string(),
  filename: z.string(),
  mimeType: z.string(),
  size: z.number(),
  kind: z.enum(['image', 'file']),
  role: z.optional(z.string()),
})
export type Attachment = z.infer<typeof attachmentSchema>

export const metadataSchema = z.record(z.string(), z.unknown())
export type Metadata = z.infer<typeof metadataSchema>

/** One inbound message as the relay keeps and sends it. `timestamp` ISO 8601 UTC with milliseconds. relay §4 */
export const messageSchema = z.object({
  id: z.string(),
  seq: z.number(),
  userId: z.string(),
  channelType: channelTypeSchema,
  channelId: z.string(),
  from: z.string(),
  content: z.string(),
  timestamp: z.string(),
  attachments: z.optional(z.array(attachmentSchema)),
  metadata: metadataSchema,
})
export type ChannelMessage = z.infer<typeof messageSchema>

/** A file on its way out, inside a reply. relay:REP12 */
export const outgoingAttachmentSchema = z.object({
  filename: z.string(),
  mimeType: z.string(),
  dataBase64: z.string(),
})
export type OutgoingAttachment = z.infer<typeof outgoingAttachmentSchema>

/** Who wrote a reply. One that does not say it is an agent's. relay:TKO2 */
export const authorSchema = z.enum(['human', 'agent'])
export type Author = z.infer<typeof authorSchema>

/** What POST /reply and the `reply` frame carry. relay:REP1 */
export const replyRequestSchema = z.object({
  channelId: z.string(),
  content: z.string(),
  channelType: z.optional(z.string()),
  replyTo: z.optional(z.string()),
  metadata: z.optional(metadataSchema),
  attachments: z.optional(z.array(outgoingAttachmentSchema)),
  clientId: z.optional(z.string()),
  by: z.optional(authorSchema),
})
export type ReplyRequest = z.infer<typeof replyRequestSchema>

export const replyStateSchema = z.enum(['queued', 'sent', 'failed'])
export type ReplyState = z.infer<typeof replyStateSchema>

/** relay:REP10. `updatedAt` ISO 8601. */
export const replyStatusSchema = z.object({
  responseId: z.string(),
  clientId: z.optional(z.string()),
  channelId: z.string(),
  state: replyStateSchema,
  platformMessageId: z.optional(z.string()),
  reason: z.optional(z.string()),
  attempts: z.number(),
  updatedAt: z.string(),
})
export type ReplyStatus = z.infer<typeof replyStatusSchema>

/** What a client reads of an entry of GET /replies; `conversation` as in take-over, '' for a webhook's only one. Times ISO 8601. relay:HIS1 */
export const pastReplySchema = z.extend(replyStatusSchema, {
  conversation: z.string(),
  content: z.string(),
  by: authorSchema,
  attachments: z.optional(z.array(attachmentSchema)),
  createdAt: z.string(),
})
export type PastReply = z.infer<typeof pastReplySchema>

/** All of it. relay:HIS1 */
export const wholePastReplySchema = z.extend(pastReplySchema, {
  channelType: channelTypeSchema,
  replyTo: z.optional(z.string()),
  metadata: metadataSchema,
})
export type WholePastReply = z.infer<typeof wholePastReplySchema>

/** What GET /responses lists. relay:REP13 */
export const storedResponseSchema = z.object({
  id: z.string(),
  channelType: channelTypeSchema,
  channelId: z.string(),
  from: z.literal('agent'),
  content: z.string(),
  timestamp: z.string(),
  metadata: metadataSchema,
  attachments: z.optional(z.array(attachmentSchema)),
})
export type StoredResponse = z.infer<typeof storedResponseSchema>
