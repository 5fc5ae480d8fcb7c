import * as z from 'zod/mini'
import { type ApprovalDecision, approvalFrames } from './approval.ts'
import { channelConfigSchema } from './channel.ts'
import { channelTypeSchema, metadataSchema, replyRequestSchema, replyStatusSchema } from './message.ts'

/** Every frame a v2 socket may carry, both ways. Messages stay `unknown` here so that one bad record cannot spoil a frame (client:ARC7). relay §5 */

export const helloFrameSchema = z.object({
  type: z.literal('hello'),
  protocol: z.string(),
  userId: z.string(),
  epoch: z.string(),
  head: z.number(),
  serverTime: z.string(),
  challenge: z.object({ timestamp: z.string(), signature: z.string() }),
})
export type HelloFrame = z.infer<typeof helloFrameSchema>

/** One schema per `type`. */
export const serverFrames = {
  hello: helloFrameSchema,
  message: z.object({ type: z.literal('message'), seq: z.number(), message: z.unknown() }),
  resumed: z.object({
    type: z.literal('resumed'),
    epoch: z.string(),
    recovered: z.boolean(),
    dropped: z.number(),
    head: z.number(),
  }),
  reply_ack: z.object({
    type: z.literal('reply_ack'),
    ok: z.literal(true),
    responseId: z.string(),
    clientId: z.optional(z.string()),
  }),
  reply_status: z.extend(replyStatusSchema, { type: z.literal('reply_status') }),
  channel_update: z.object({
    type: z.literal('channel_update'),
    channelId: z.string(),
    channel: z.nullable(channelConfigSchema),
  }),
  /** Somebody writes in the conversation that `metadata` names. relay:TPS1 */
  typing: z.object({
    type: z.literal('typing'),
    channelId: z.string(),
    channelType: channelTypeSchema,
    metadata: metadataSchema,
  }),
  error: z.object({
    type: z.literal('error'),
    error: z.string(),
    code: z.string(),
    clientId: z.optional(z.string()),
    /** Of the approval that was not decided. relay:APV3 */
    id: z.optional(z.string()),
    retryAfter: z.optional(z.number()),
  }),
  pong: z.object({ type: z.literal('pong') }),
  ...approvalFrames,
}
export type ServerFrame = z.infer<(typeof serverFrames)[keyof typeof serverFrames]>

export const resumeFrameSchema = z.object({
  type: z.literal('resume'),
  cursor: z.number(),
  epoch: z.nullable(z.string()),
})
export const ackFrameSchema = z.object({ type: z.literal('ack'), seq: z.number() })
export const pingFrameSchema = z.object({ type: z.literal('ping') })
export const replyFrameSchema = z.extend(replyRequestSchema, { type: z.literal('reply') })

/** What a client may say. The relay checks `reply` itself, so that each missing field has its own sentence (relay:REP1). */
export type ClientFrame =
  | z.infer<typeof resumeFrameSchema>
  | z.infer<typeof ackFrameSchema>
  | z.infer<typeof pingFrameSchema>
  | z.infer<typeof replyFrameSchema>
  | ApprovalDecision
