import * as z from 'zod/mini'
import { directionSchema } from './channel.ts'
import { APPROVAL_LIFE_MAX_MS, APPROVAL_LIFE_MIN_MS } from './limits.ts'
import { authorSchema } from './message.ts'

/** Bodies of requests that only the relay reads; those a client builds too stand beside what they are about. */

/** POST /auth/register. The key is checked apart, with an error code of its own. relay:REG1, REG2, REG7 */
export const registerRequestSchema = z.object({
  publicKey: z.nullish(z.unknown()),
  rotate: z.optional(z.boolean()),
  revokeOthers: z.optional(z.boolean()),
})

/** POST /typing. relay:TYP1 */
export const typingRequestSchema = z.object({
  channelId: z.string(),
  channelType: z.optional(z.string()),
  by: z.optional(authorSchema),
})

/** POST /channels/:id/take-over and /hand-back. A webhook is one conversation and needs no name. relay:TKO1 */
export const takeOverSchema = z.object({ conversation: z.optional(z.union([z.string(), z.number()])) })

/** Ids come as numbers from some clients. relay:CH8 */
const idsSchema = z.array(z.union([z.string(), z.number()]))

/** What PATCH takes at the top and inside `metadata`. relay:CH8 */
export const channelSettingsSchema = z.looseObject({
  mentionOnly: z.optional(z.boolean()),
  jsonFormat: z.optional(z.enum(['compact', 'pretty'])),
  allowedUsers: z.optional(idsSchema),
  allowedSenders: z.optional(idsSchema),
})

/** PATCH /channels/:id. relay:CH8 */
export const channelPatchSchema = z.extend(channelSettingsSchema, {
  name: z.optional(z.string()),
  prompt: z.optional(z.string()),
  agentId: z.optional(z.string()),
  enabled: z.optional(z.boolean()),
  direction: z.optional(directionSchema),
  runInBackground: z.optional(z.boolean()),
  notifyOnComplete: z.optional(z.boolean()),
  metadata: z.optional(channelSettingsSchema),
})

/** POST /channels/:id/rotate-secret. relay:CH13 */
export const rotationRequestSchema = z.object({
  which: z.enum(['url', 'signing']),
  scheme: z.optional(z.enum(['standard', 'github', 'none'])),
})

/** POST /channels/telegram/register and /channels/discord/register. relay:TG1, DC1 */
export const botRegisterSchema = z.object({
  botToken: z.string(),
  agentId: z.nullish(z.string()),
  name: z.nullish(z.string()),
})

/** POST /channels/slack/register: without `appToken` it takes `signingSecret`. relay:SL1 */
export const slackRegisterSchema = z.object({
  botToken: z.string(),
  appToken: z.nullish(z.string()),
  signingSecret: z.nullish(z.string()),
  agentId: z.nullish(z.string()),
  name: z.nullish(z.string()),
})

/** POST /channels/email/register. relay:EML1 */
export const emailRegisterSchema = z.object({
  userEmail: z.string(),
  channelName: z.optional(z.string()),
  agentId: z.optional(z.string()),
})

/** One line that reads as it is: nothing that hides, breaks or turns text, because a person decides by it. */
export const plainLine = (max: number) =>
  z
    .string()
    .check(z.minLength(1), z.maxLength(max), z.regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u))

/** POST /approvals/:id/use. relay:APV4 */
export const approvalUseSchema = z.object({ action: plainLine(200), args: z.unknown() })

/** POST /approvals. relay:APV1 */
export const approvalRequestSchema = z.extend(approvalUseSchema, {
  kind: z.enum(['read', 'write']),
  channelId: z.optional(plainLine(64)),
  conversation: z.optional(plainLine(256)),
  agentId: z.optional(plainLine(128)),
  timeoutMs: z.optional(z.int().check(z.gte(APPROVAL_LIFE_MIN_MS), z.lte(APPROVAL_LIFE_MAX_MS))),
})

/** POST /admin/login. relay:ADM2 */
export const adminLoginSchema = z.object({ password: z.string() })

/** POST /app/session. relay:DEV1 */
export const deviceSessionRequestSchema = z.object({ token: z.string() })
