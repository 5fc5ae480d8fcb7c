import { beforeEach, describe, expect, it } from 'vitest'
import { exportAudit, listAnswers, listDecided, type Outcome } from '../../../lib/approvals/audit.ts'
import type { AnswerRow } from '../../../lib/approvals/model.ts'
import type { Database } from '../../../lib/database/open.ts'
import { approvalRow } from './support/approvals.ts'
import { databaseWithProfile } from './support/database.ts'

const P = 'default'
const NOW = 200_000
const used = { state: 'used', by: 'telegram', decidedAt: 120_000 } as const
const answer = (messageId: string, more: Partial<AnswerRow> = {}): AnswerRow => ({
  profileId: P,
  messageId,
  approvalIds: ['k7m4px2q'],
  outcome: 'allowed',
  from: 'Ada',
  text: 'yes',
  channelType: 'telegram',
  at: 120_000,
  ...more,
})
const ids = async (most: number, now = NOW) => {
  const { rows, more } = await listDecided(db, P, most, now)
  return [...rows.map(({ id }) => id), ...(more ? ['…'] : [])]
}

let db: Database
beforeEach(async () => {
  db = await databaseWithProfile('https://relay.test')
})

describe('the list of decisions', () => {
  it('client:APR15 holds what was decided, the newest first, a part at a time, and of this profile alone', async () => {
    for (let number = 1; number <= 4; number++)
      await db.put('approvals', approvalRow({ id: `d${number}`, createdAt: 100_000 + number, standing: used }))
    await db.put('approvals', approvalRow({ id: 'work', profileId: 'work', standing: used }))
    await db.put('approvals', approvalRow({ id: 'waits', createdAt: 150_000 }))
    await db.put('approvals', approvalRow({ id: 'new', createdAt: 151_000, standing: { state: 'new' } }))
    expect(await ids(10)).toEqual(['d4', 'd3', 'd2', 'd1'])
    expect(await ids(4)).toEqual(['d4', 'd3', 'd2', 'd1'])
    expect(await ids(3)).toEqual(['d4', 'd3', 'd2', '…'])
    expect(await ids(2, 400_000)).toEqual(['new', 'waits', '…'])
  })

  it('client:APR15 is narrowed to what was allowed or refused, whole, however much of the other lies between', async () => {
    const standings = [
      { state: 'used', by: 'popup', decidedAt: 120_000 },
      { state: 'allowed', by: 'popup', decidedAt: 120_000 },
      { state: 'expired', by: 'popup', decidedAt: 120_000 },
      { state: 'denied', by: 'popup', decidedAt: 120_000 },
      { state: 'deciding', by: 'popup', decision: 'deny', decidedAt: 120_000 },
      { state: 'deciding', by: 'popup', decision: 'allow', decidedAt: 120_000 },
      { state: 'new' },
    ] as const
    for (const [number, standing] of standings.entries())
      await db.put('approvals', approvalRow({ id: `d${number}`, createdAt: 100_000 + number, standing }))
    const narrowed = async (outcome: Outcome, most: number) => {
      const { rows, more } = await listDecided(db, P, most, 400_000, outcome)
      return [...rows.map(({ id }) => id), ...(more ? ['…'] : [])]
    }
    // The last ran out unanswered.
    expect(await narrowed('refused', 10)).toEqual(['d6', 'd4', 'd3'])
    expect(await narrowed('allowed', 10)).toEqual(['d5', 'd2', 'd1', 'd0'])
    expect(await narrowed('allowed', 2)).toEqual(['d5', 'd2', '…'])
  })

  it('client:APR15 knows what was said to a request, and nothing of others', async () => {
    const row = approvalRow({ standing: used })
    await db.put('answers', answer('second', { at: 121_000 }))
    await db.put('answers', answer('first', { outcome: 'listed', approvalIds: ['0123abcd', row.id] }))
    await db.put('answers', answer('other', { approvalIds: ['0123abcd'] }))
    await db.put('answers', answer('work', { profileId: 'work' }))
    await db.put('answers', answer('before', { at: 99_999 }))
    expect((await listAnswers(db, row)).map(({ messageId }) => messageId)).toEqual(['first', 'second'])
  })
})

describe('the list as a file', () => {
  it('client:APR15 gives all that is kept, with the exact arguments and times a person can read', async () => {
    const args = { path: '/tmp/"x"', list: [1, null, 'ä\u202e'] }
    await db.put('approvals', approvalRow({ args, agentId: 'trip-desk', standing: used }))
    await db.put('approvals', approvalRow({ id: 'lapsed', createdAt: 101_000, expiresAt: 150_000 }))
    await db.put('approvals', approvalRow({ id: 'waits', createdAt: 102_000 }))
    await db.put('approvals', approvalRow({ id: 'work', profileId: 'work', standing: used }))
    await db.put('answers', answer('m11'))
    await db.put('answers', answer('m12', { profileId: 'work' }))
    const exported = JSON.parse(await exportAudit(db, { profileId: P, profile: 'Home', now: NOW }))
    const request = {
      action: 'files.delete',
      argsHash: 'hash',
      kind: 'write',
      channelId: 'c',
      conversation: '7',
      askedIn: 'telegram',
    }
    expect(exported).toEqual({
      format: 'chaos-relay-approvals',
      version: 1,
      exportedAt: '1970-01-01T00:03:20.000Z',
      profile: 'Home',
      approvals: [
        {
          ...request,
          id: 'k7m4px2q',
          agentId: 'trip-desk',
          args,
          createdAt: '1970-01-01T00:01:40.000Z',
          expiresAt: '1970-01-01T00:06:40.000Z',
          state: 'used',
          by: 'telegram',
          decidedAt: '1970-01-01T00:02:00.000Z',
        },
        {
          ...request,
          id: 'lapsed',
          args: { path: '/tmp/x' },
          createdAt: '1970-01-01T00:01:41.000Z',
          expiresAt: '1970-01-01T00:02:30.000Z',
          state: 'denied',
          by: 'timeout',
          decidedAt: '1970-01-01T00:02:30.000Z',
        },
      ],
      answers: [
        {
          at: '1970-01-01T00:02:00.000Z',
          messageId: 'm11',
          approvalIds: ['k7m4px2q'],
          outcome: 'allowed',
          from: 'Ada',
          text: 'yes',
          channelType: 'telegram',
        },
      ],
    })
  })
})
