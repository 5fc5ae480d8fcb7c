import type { ChannelConfig } from '#protocol/channel.ts'
import type { InboxMessage } from '../inbox/model.ts'
import { readAnswer } from './answer.ts'
import { isApprover } from './approver.ts'
import { type ApprovalRow, isOpen, ranOut } from './model.ts'
import { ownWords } from './ownWords.ts'

/** A bare word this soon after a request ran out was meant for it. */
const JUST_NOW_MS = 5 * 60_000

/** What a message means for the requests of its conversation. */
export type Plan =
  | { do: 'nothing' }
  /** It would be an answer, but not from this sender. client:APR10 */
  | { do: 'ignore'; rows: ApprovalRow[] }
  | { do: 'decide'; row: ApprovalRow; decision: 'allow' | 'deny' }
  /** client:APR12 */
  | { do: 'late'; row: ApprovalRow }
  /** client:APR13 */
  | { do: 'decided_before'; row: ApprovalRow }
  /** client:APR7 */
  | { do: 'list'; rows: ApprovalRow[] }
  /** client:APR9 */
  | { do: 'remind'; rows: ApprovalRow[] }

const NOTHING: Plan = { do: 'nothing' }

/** client:APR7-APR10, APR12, APR13 */
export function planAnswer({
  message,
  rows,
  channel,
  now,
}: {
  message: InboxMessage
  /** Requests of this profile. */
  rows: readonly ApprovalRow[]
  channel: ChannelConfig | undefined
  now: number
}): Plan {
  const here = rows.filter((row) => mayConcern(row, message))
  if (here.length === 0 || !channel) return NOTHING
  const { botUsername } = channel.metadata
  const words = ownWords(message, typeof botUsername === 'string' ? botUsername : undefined)
  const answer = readAnswer(
    words,
    here.map(({ id }) => id),
  )
  if (answer.kind === 'other') return NOTHING
  if (!isApprover(channel, message)) return answer.kind === 'verdict' ? { do: 'ignore', rows: here } : NOTHING
  const pending = here.filter((row) => isOpen(row, now))
  if (answer.kind === 'chatter') return remind(pending)
  const { decision, id } = answer
  if (id === undefined) {
    // An old message that is edited may have been said to something else; only with the id it is surely meant.
    if (message.metadata.edited === true) return NOTHING
    return bareWord(decision, pending, here, now)
  }
  const row = here.find((one) => one.id === id)
  if (!row) return NOTHING
  if (isOpen(row, now)) return { do: 'decide', row, decision }
  return { do: ranOut(row, now) ? 'late' : 'decided_before', row }
}

/** Same channel, same conversation, said after it was asked. client:APR10 */
function mayConcern({ channelId, asked, afterSeq, epoch, createdAt }: ApprovalRow, message: InboxMessage): boolean {
  return (
    asked?.conversationId === message.conversationId &&
    channelId === message.channelId &&
    epoch === message.epoch &&
    message.seq > afterSeq &&
    message.at >= createdAt
  )
}

function bareWord(decision: 'allow' | 'deny', pending: ApprovalRow[], here: ApprovalRow[], now: number): Plan {
  const [row, another] = pending
  if (another) return { do: 'list', rows: pending }
  if (row) return { do: 'decide', row, decision }
  const lapsed = here.filter((one) => ranOut(one, now) && one.expiresAt > now - JUST_NOW_MS)
  const last = lapsed.sort((a, b) => a.expiresAt - b.expiresAt).at(-1)
  return last ? { do: 'late', row: last } : NOTHING
}

function remind(pending: ApprovalRow[]): Plan {
  const rows = pending.filter(({ asked }) => asked && !asked.reminded)
  return rows.length > 0 ? { do: 'remind', rows } : NOTHING
}
