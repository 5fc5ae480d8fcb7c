import type { ChannelType } from '#protocol/message.ts'

/** Which actions are asked about that a message caused. client:APR1 */
export type Mode = 'off' | 'writes' | 'all'

/** Where a request is asked besides the extension's own pages. */
export type Asked = {
  conversationId: string
  channelType: ChannelType
  /** When the prompt was written. */
  at: number
  /** Our reply that asks; `told` once it is stored as a reply. */
  promptId: string
  told: boolean
  /** One reminder a request. client:APR9 */
  reminded: boolean
}

export type Verdict = { decision: 'allow' | 'deny'; by: string; reason?: string }

/** Where a request stands. `deciding`: decided here, the relay has not said yet whether it was the first decision. client:APR13 */
export type Standing =
  | { state: 'new' }
  | { state: 'asking' }
  | ({ state: 'deciding'; decidedAt: number } & Verdict)
  | { state: 'allowed' | 'denied' | 'expired' | 'used'; by: string; reason?: string; decidedAt: number }

/** A request of an agent, as this browser keeps it. client:APR4 */
export type ApprovalRow = {
  profileId: string
  id: string
  action: string
  /** Whatever JSON the agent gave. */
  args: unknown
  /** Computed here from action and arguments. */
  argsHash: string
  kind: 'read' | 'write'
  channelId?: string
  conversation?: string
  agentId?: string
  /** Answers come after this position. client:APR10 */
  afterSeq: number
  epoch: string
  /** The relay's clock. Both in epoch ms. */
  createdAt: number
  /** This computer's clock, as everything below. */
  expiresAt: number
  receivedAt: number
  asked?: Asked
  standing: Standing
}

/** What became of a message that was, or looked like, an answer. client:APR15 */
export type AnswerOutcome = 'allowed' | 'denied' | 'late' | 'decided_before' | 'listed' | 'reminded' | 'ignored'

/** Kept beside the decisions; it also says that a message was looked at. */
export type AnswerRow = {
  profileId: string
  messageId: string
  approvalIds: string[]
  outcome: AnswerOutcome
  from: string
  text: string
  channelType: ChannelType
  at: number
}

/** Nobody has decided, and there is time left. */
export function isOpen({ standing: { state }, expiresAt }: ApprovalRow, now: number): boolean {
  return (state === 'new' || state === 'asking') && expiresAt > now
}

/** What the relay and we say when the time ran out. relay:APV4 */
export const TIMED_OUT = 'timeout'

/** Its time ran out before anybody decided. client:APR12 */
export function ranOut({ standing, expiresAt }: ApprovalRow, now: number): boolean {
  if (standing.state === 'new' || standing.state === 'asking') return expiresAt <= now
  return standing.state === 'denied' && standing.by === TIMED_OUT
}
