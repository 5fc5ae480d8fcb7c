import type { InboxMessage } from '../inbox/model.ts'
import type { ApprovalRow } from './model.ts'
import { summarise } from './visible.ts'

/** What is said over channels and to agents. Fixed words: the answers to them are fixed too. */

const MINUTE_MS = 60_000
const NAMES: Record<string, string> = {
  telegram: 'Telegram',
  discord: 'Discord',
  slack: 'Slack',
  email: 'email',
  popup: 'the popup',
  options: 'the options page',
  notification: 'a notification',
}
const over = (by: string): string => NAMES[by] ?? by

/** client:APR5 */
export function promptText({ id, action, args, expiresAt }: ApprovalRow, now: number): string {
  const left = Math.max(1, Math.round((expiresAt - now) / MINUTE_MS))
  const minutes = left === 1 ? '1 minute' : `${left} minutes`
  return `Approval needed [${id}]: the agent wants to run ${action}: ${summarise(args).text}. Reply "yes ${id}" or "no ${id}". Refused in ${minutes} without an answer.`
}

/** What the agent is told. client:APR14 */
export function refusal({ action }: ApprovalRow, by: string): string {
  return `The user refused this ${action} over ${over(by)}. Do not retry; ask what to do instead.`
}

/** client:APR6 */
export function notAsked({ action }: ApprovalRow, why: string): string {
  return `This ${action} was refused because nobody could be asked: ${why}`
}

/** client:APR9 */
export function reminderText(rows: readonly ApprovalRow[]): string {
  return `Nothing was decided. ${rows.map(choice).join('; ')}. Anything else is passed on as a message.`
}

/** client:APR7 */
export function listText(rows: readonly ApprovalRow[]): string {
  return `${rows.length} approvals are waiting and nothing was decided. ${rows.map(choice).join('; ')}.`
}

/** client:APR12 */
export function lateText({ id, action }: ApprovalRow): string {
  return `Approval [${id}] expired: ${action} was refused. The agent has to ask again.`
}

/** client:APR13 */
export function decidedText({ id, action, standing }: ApprovalRow): string {
  if (!('by' in standing)) return ''
  const allowed = standing.state === 'deciding' ? standing.decision === 'allow' : standing.state !== 'denied'
  return `Approval [${id}] was decided before: ${action} was ${allowed ? 'allowed' : 'refused'} over ${over(standing.by)}. The first decision counts.`
}

function choice({ id, action }: ApprovalRow): string {
  return `Reply just "yes ${id}" or "no ${id}" for ${action}`
}

/** Sorts by time like other replies' ids, and is the same when it is written again after a crash. relay:REP11 */
export function promptId({ createdAt, id }: ApprovalRow): string {
  return `${createdAt.toString(36).padStart(9, '0')}-approval-${id}`
}

/** What is said to a message, once. */
export function replyId({ at, id }: Pick<InboxMessage, 'at' | 'id'>): string {
  return `${at.toString(36).padStart(9, '0')}-answer-${id}`
}
