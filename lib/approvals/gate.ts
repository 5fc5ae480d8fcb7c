import type { ApprovalRow, Mode } from './model.ts'

/** Why something is allowed without asking. */
export type Free = 'not_caused' | 'mode_off' | 'only_reads'

/**
 * Whether a request has to be decided by a person. The mode says what is asked; only what a channel's message caused is. client:APR1, APR2, APR3
 */
export function gate(
  mode: Mode,
  { kind, channelId, conversation }: Pick<ApprovalRow, 'kind' | 'channelId' | 'conversation'>,
): 'ask' | Free {
  if (channelId === undefined && conversation === undefined) return 'not_caused'
  if (mode === 'off') return 'mode_off'
  return mode === 'writes' && kind === 'read' ? 'only_reads' : 'ask'
}
