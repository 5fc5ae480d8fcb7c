import type { Database } from '../database/open.ts'
import { type AnswerRow, type ApprovalRow, isOpen, TIMED_OUT } from './model.ts'

/** Answers to a request may come this long after its end. */
const ANSWERS_UNTIL_MS = 24 * 60 * 60_000

export type Outcome = 'all' | 'allowed' | 'refused'

/** Decisions of the last 30 days, the newest first, and whether there are more than `most`. client:APR15 */
export async function listDecided(
  db: Database,
  profileId: string,
  most: number,
  now: number,
  outcome: Outcome = 'all',
): Promise<{ rows: ApprovalRow[]; more: boolean }> {
  const rows: ApprovalRow[] = []
  let cursor = await db.transaction('approvals').store.index('time').openCursor(all(profileId), 'prev')
  while (cursor && rows.length <= most) {
    if (isDecided(cursor.value, now) && (outcome === 'all' || outcome === outcomeOf(cursor.value))) rows.push(cursor.value)
    cursor = await cursor.continue()
  }
  return { rows: rows.slice(0, most), more: rows.length > most }
}

/** One that ran out without an answer was refused. */
function outcomeOf({ standing }: ApprovalRow): Outcome {
  switch (standing.state) {
    case 'allowed':
    case 'used':
    case 'expired':
      return 'allowed'
    case 'deciding':
      return standing.decision === 'allow' ? 'allowed' : 'refused'
    case 'new':
    case 'asking':
    case 'denied':
      return 'refused'
  }
}

/** What was said to a request where it was asked, in that order. client:APR15 */
export async function listAnswers(db: Database, { profileId, id, receivedAt, expiresAt }: ApprovalRow): Promise<AnswerRow[]> {
  const during = IDBKeyRange.bound([profileId, receivedAt], [profileId, expiresAt + ANSWERS_UNTIL_MS])
  const answers = await db.getAllFromIndex('answers', 'time', during)
  return answers.filter(({ approvalIds }) => approvalIds.includes(id))
}

/** All that is kept of a profile's decisions, as JSON with times a person can read. client:APR15 */
export async function exportAudit(
  db: Database,
  { profileId, profile, now }: { profileId: string; profile: string; now: number },
): Promise<string> {
  const approvals = await db.getAllFromIndex('approvals', 'time', all(profileId))
  const answers = await db.getAllFromIndex('answers', 'time', all(profileId))
  const document = {
    format: 'chaos-relay-approvals',
    version: 1,
    exportedAt: iso(now),
    profile,
    approvals: approvals.filter((row) => isDecided(row, now)).map(asDocument),
    answers: answers.map(({ profileId: _, at, ...answer }) => ({ at: iso(at), ...answer })),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function asDocument(row: ApprovalRow) {
  const { id, agentId, action, args, argsHash, kind, channelId, conversation, asked, standing, createdAt, expiresAt } = row
  const decided = 'decidedAt' in standing ? standing : { state: 'denied', by: TIMED_OUT, decidedAt: expiresAt }
  return {
    id,
    agentId,
    action,
    args,
    argsHash,
    kind,
    channelId,
    conversation,
    askedIn: asked?.channelType,
    createdAt: iso(createdAt),
    expiresAt: iso(expiresAt),
    ...decided,
    decidedAt: iso(decided.decidedAt),
  }
}

function isDecided(row: ApprovalRow, now: number): boolean {
  const { state } = row.standing
  return (state !== 'new' && state !== 'asking') || !isOpen(row, now)
}

const all = (profileId: string) => IDBKeyRange.bound([profileId], [profileId, []])
const iso = (time: number): string => new Date(time).toISOString()
