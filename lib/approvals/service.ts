import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../database/open.ts'
import type { Change } from '../messaging/changes.ts'
import { type Free, gate } from './gate.ts'
import { createHearing } from './hearing.ts'
import { readMode } from './mode.ts'
import { type ApprovalRow, isOpen, type Verdict } from './model.ts'
import { findPlace } from './place.ts'
import { createPrompting, type Say } from './prompting.ts'
import { byState, dueAfter, readApproval } from './queries.ts'
import { decide, expire, startAsking } from './store.ts'
import { notAsked, promptId, refusal } from './words.ts'

/** An answer that names a request is understood this long after its end. */
const KNOWN_MS = 24 * 60 * 60_000

const WHY_FREE: Record<Free, string> = {
  not_caused: 'No message caused it.',
  mode_off: 'Approvals are off.',
  only_reads: 'It only reads.',
}

export type Approvals = ReturnType<typeof createApprovals>

/**
 * The worker's part of approvals: what is asked and where, what counts as an answer, and what ran out. Everything is taken up from the
 * database, so that it does not matter when the worker dies. client §13
 */
export function createApprovals({
  db,
  now,
  channelOf,
  say,
  discard,
  hand,
  tell,
  onRead,
  notices,
  wakeAt,
}: {
  db: Database
  now: () => number
  channelOf: (profileId: string, channelId: string) => Promise<ChannelConfig | undefined>
  say: Say
  discard: (clientId: string) => Promise<unknown>
  /** Decisions wait for the relay. */
  hand: (profileId: string) => void
  tell: (change: Change) => void
  /** An answer is read. */
  onRead: (profileId: string) => Promise<void>
  notices: { ask(row: ApprovalRow): Promise<void>; clear(row: ApprovalRow): Promise<void> }
  wakeAt: (profileId: string, at: number) => Promise<void>
}) {
  const prompting = createPrompting({ db, now, say, discard, refuse })
  const hearing = createHearing({ db, now, channelOf, say, recent, onDecided: settled, onHeard })
  let turn: Promise<void> = Promise.resolve()

  function recent(profileId: string): Promise<ApprovalRow[]> {
    return dueAfter(db, profileId, now() - KNOWN_MS)
  }

  async function settled(row: ApprovalRow): Promise<void> {
    tell({ topic: 'approvals', profileId: row.profileId })
    hand(row.profileId)
    await notices.clear(row)
  }

  async function onHeard(profileId: string, conversationId: string): Promise<void> {
    tell({ topic: 'messages', profileId, conversationId })
    await onRead(profileId)
  }

  async function rule(row: ApprovalRow, verdict: Verdict): Promise<boolean> {
    const { row: after, changed } = await decide(db, row, verdict, now())
    if (changed && after) await settled(after)
    return changed
  }

  /** client:APR6 */
  async function refuse(row: ApprovalRow, why: string): Promise<void> {
    await rule(row, { decision: 'deny', by: 'extension', reason: notAsked(row, why) })
  }

  /** What has just come: allowed without asking, refused because nobody can be asked, or asked. client:APR1-APR6 */
  async function meet(row: ApprovalRow): Promise<void> {
    const free = gate(await readMode(db, row.profileId), row)
    if (free !== 'ask') {
      await rule(row, { decision: 'allow', by: 'mode', reason: WHY_FREE[free] })
      return
    }
    const place = await findPlace(db, row, channelOf)
    if (typeof place === 'string') return refuse(row, place)
    const { id: conversationId, channelType } = place
    const asked = { conversationId, channelType, at: now(), promptId: promptId(row), told: false, reminded: false }
    const { row: after, changed } = await startAsking(db, row, asked)
    if (!changed || !after) return
    tell({ topic: 'approvals', profileId: row.profileId })
    await notices.ask(after)
  }

  /** client:APR12 */
  async function lapse(row: ApprovalRow): Promise<void> {
    const { row: after, changed } = await expire(db, row, now())
    if (!changed || !after) return
    tell({ topic: 'approvals', profileId: row.profileId })
    await notices.clear(after)
  }

  async function look(profileId: string, arrived: readonly string[]): Promise<void> {
    if ((await recent(profileId)).length === 0) return
    for (const row of await byState(db, profileId, 'new')) await (isOpen(row, now()) ? meet(row) : lapse(row))
    await hearing.hear(profileId, arrived)
    const due: number[] = []
    for (const row of await byState(db, profileId, 'asking')) {
      if (isOpen(row, now())) due.push(row.expiresAt, ...(await prompting.follow(row)))
      else await lapse(row)
    }
    if (due.length > 0) await wakeAt(profileId, Math.min(...due))
  }

  function lookInTurn(profileId: string, arrived: readonly string[] = []): Promise<void> {
    const run = (): Promise<void> => look(profileId, arrived)
    turn = turn.then(run, run)
    return turn
  }

  return {
    /** Something changed: requests, their prompts, the time, or messages that came. One look after the other. */
    look: lookInTurn,

    /** Takes up what was left when the worker died. client:APR12 */
    async wake(): Promise<void> {
      for (const profileId of await db.getAllKeys('profiles')) {
        await lookInTurn(profileId)
        if ((await byState(db, profileId, 'deciding')).length > 0) hand(profileId)
      }
    },

    /** False when it was decided before, or too late. client:APR13 */
    async decide(profileId: string, id: string, decision: Verdict['decision'], by: string): Promise<boolean> {
      const row = await readApproval(db, profileId, id)
      if (!row) return false
      return rule(row, { decision, by, ...(decision === 'deny' && { reason: refusal(row, by) }) })
    },
  }
}
