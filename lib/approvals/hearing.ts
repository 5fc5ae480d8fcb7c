import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../database/open.ts'
import type { InboxMessage } from '../inbox/model.ts'
import { decideByAnswer, noteAnswer, readUnlooked } from './answerStore.ts'
import type { AnswerOutcome, ApprovalRow } from './model.ts'
import { type Plan, planAnswer } from './plan.ts'
import type { Say } from './prompting.ts'
import { noteAsked } from './store.ts'
import { decidedText, lateText, listText, refusal, reminderText, replyId } from './words.ts'

/** Without being told of a message, answers are looked for this long after a request's end. */
const LATE_MS = 60 * 60_000

/** Recognises answers among the stored messages, however they came and whenever the worker sees them. client:APR7-APR10, APR15 */
export function createHearing({
  db,
  now,
  channelOf,
  say,
  recent,
  onDecided,
  onHeard,
}: {
  db: Database
  now: () => number
  channelOf: (profileId: string, channelId: string) => Promise<ChannelConfig | undefined>
  say: Say
  recent: (profileId: string) => Promise<ApprovalRow[]>
  onDecided: (row: ApprovalRow) => Promise<void>
  /** A message was an answer and nothing else. */
  onHeard: (profileId: string, conversationId: string) => Promise<void>
}) {
  async function hearOne(message: InboxMessage): Promise<void> {
    const { profileId, channelType: by, conversationId, channelId } = message
    const rows = await recent(profileId)
    if (!rows.some(({ asked }) => asked?.conversationId === conversationId)) return
    const plan = planAnswer({ message, rows, channel: await channelOf(profileId, channelId), now: now() })
    if (plan.do === 'nothing') return
    if (plan.do === 'decide') {
      const { row, decision } = plan
      const verdict = { decision, by, ...(decision === 'deny' && { reason: refusal(row, by) }) }
      // Decided elsewhere in this moment: then it is told so.
      if (!(await decideByAnswer(db, row, verdict, message, now()))) return hearOne(message)
      await onHeard(profileId, conversationId)
      return onDecided(row)
    }
    const said = answerTo(plan)
    // Whether this courtesy is heard changes nothing.
    if (said.text !== undefined) {
      const what = { profileId, conversationId, clientId: replyId(message), content: said.text }
      await say(what).catch(() => undefined)
    }
    if (plan.do === 'remind') for (const row of plan.rows) await noteAsked(db, row, 'reminded')
    await noteAnswer(db, { message, rows: said.rows, outcome: said.outcome }, now())
    await onHeard(profileId, conversationId)
  }

  return {
    async hear(profileId: string, arrived: readonly string[]): Promise<void> {
      const rows = await recent(profileId)
      const watched = rows.filter(({ expiresAt }) => expiresAt > now() - LATE_MS)
      for (const message of await readUnlooked(db, profileId, watched, arrived)) await hearOne(message)
    },
  }
}

function answerTo(plan: Exclude<Plan, { do: 'nothing' | 'decide' }>): {
  text?: string
  rows: ApprovalRow[]
  outcome: AnswerOutcome
} {
  switch (plan.do) {
    case 'ignore':
      return { rows: plan.rows, outcome: 'ignored' }
    case 'late':
      return { text: lateText(plan.row), rows: [plan.row], outcome: 'late' }
    case 'decided_before':
      return { text: decidedText(plan.row), rows: [plan.row], outcome: 'decided_before' }
    case 'list':
      return { text: listText(plan.rows), rows: plan.rows, outcome: 'listed' }
    case 'remind':
      return { text: reminderText(plan.rows), rows: plan.rows, outcome: 'reminded' }
  }
}
