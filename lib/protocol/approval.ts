import * as z from 'zod/mini'
import { canonicalJson } from './canonicalJson.ts'

/** Approvals: somebody asks, a person decides, the action runs once. relay:APV1-APV4 */

/** `expired`: it was allowed and not used in time. No decision in time is a denial. relay:APV2, APV4 */
export const approvalStateSchema = z.enum(['pending', 'allowed', 'denied', 'expired', 'used'])
export type ApprovalState = z.infer<typeof approvalStateSchema>

/** Answer of GET /approvals/:id and of POST /approvals/:id/use. */
export const approvalOutcomeSchema = z.object({
  state: approvalStateSchema,
  decidedBy: z.optional(z.string()),
  reason: z.optional(z.string()),
})
export type ApprovalOutcome = z.infer<typeof approvalOutcomeSchema>

/** Times are ISO 8601. `args` is whatever JSON the asker gave: show it whole and as text. */
export const approvalSchema = z.extend(approvalOutcomeSchema, {
  id: z.string(),
  action: z.string(),
  args: z.unknown(),
  argsHash: z.string(),
  /** Whoever reads a kind it does not know takes it for a write. client:APR2 */
  kind: z.catch(z.enum(['read', 'write']), 'write'),
  channelId: z.optional(z.string()),
  conversation: z.optional(z.string()),
  agentId: z.optional(z.string()),
  createdAt: z.string(),
  expiresAt: z.string(),
  decidedAt: z.optional(z.string()),
  usedAt: z.optional(z.string()),
})
export type Approval = z.infer<typeof approvalSchema>

export const approvalCreatedSchema = z.object({ id: z.string(), argsHash: z.string(), expiresAt: z.string() })
export type ApprovalCreated = z.infer<typeof approvalCreatedSchema>

/** Newest first. `before` of the next page is the last id of this one. */
export const approvalsAnswerSchema = z.object({ approvals: z.array(approvalSchema), hasMore: z.boolean() })
export type ApprovalsAnswer = z.infer<typeof approvalsAnswerSchema>

/**
 * What v2 sockets are told after `resumed`, one schema per `type`: what waits for a decision, and every later change of it. Clients that know
 * nothing of approvals skip them (client:SOC11). relay:APV1, APV3
 */
export const approvalFrames = {
  approval_required: z.object({ type: z.literal('approval_required'), approval: approvalSchema }),
  approval_update: z.extend(approvalOutcomeSchema, { type: z.literal('approval_update'), id: z.string() }),
}
export type ApprovalFrame = z.infer<(typeof approvalFrames)[keyof typeof approvalFrames]>

/** What a client says. `decidedBy` tells where the person decided ("popup", "telegram"). relay:APV3 */
export const approvalDecisionSchema = z.object({
  type: z.literal('approval_decision'),
  id: z.string(),
  decision: z.enum(['allow', 'deny']),
  argsHash: z.string(),
  decidedBy: z.optional(z.string()),
  reason: z.optional(z.string()),
})
export type ApprovalDecision = z.infer<typeof approvalDecisionSchema>

/** SHA-256 (hex) of the canonical JSON of `{action, args}`: what is decided about and what may run are compared by it. client:APR4, APR11 */
export async function approvalHash(action: string, args: unknown): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonicalJson({ action, args })))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
