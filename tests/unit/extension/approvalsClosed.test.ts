import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createDesk } from '../../../lib/approvals/desk.ts'
import { changeMode, readMode } from '../../../lib/approvals/mode.ts'
import type { ApprovalRow, Mode } from '../../../lib/approvals/model.ts'
import { keepRequest } from '../../../lib/approvals/store.ts'
import { tidyApprovals } from '../../../lib/approvals/tidy.ts'
import type { Database } from '../../../lib/database/open.ts'
import { type Approval, type ApprovalDecision, approvalHash } from '../../../lib/protocol/approval.ts'
import type { ChannelConfig } from '../../../lib/protocol/channel.ts'
import { approvalRow, channelOf } from './support/approvals.ts'
import { databaseWithProfile } from './support/database.ts'
import { addConversation, receive } from './support/inbox.ts'
import { message } from './support/modelRelay.ts'
import { approvalsOf } from './support/telegramWorld.ts'
import { createFakeTimers, type FakeTimers } from './support/timers.ts'

const P = 'default'
let db: Database
let timers: FakeTimers
beforeEach(async () => {
  vi.restoreAllMocks()
  db = await databaseWithProfile('https://relay.test')
  timers = createFakeTimers()
  await addConversation(db, 'c:7', 'telegram')
  await addChannel(channelOf('telegram', { allowedUsers: ['7'] }))
})

const addChannel = (config: ChannelConfig) => db.put('channels', { profileId: P, id: config.id, config, seenAt: 0, order: 0 })
const worker = () => approvalsOf(db, () => undefined, { now: timers.now })

async function approval(given: Partial<Approval> = {}): Promise<Approval> {
  const { action = 'files.delete', args = { path: '/tmp/x' } } = given
  return {
    id: 'k7m4px2q',
    action,
    args,
    argsHash: await approvalHash(action, args),
    kind: 'write',
    channelId: 'c',
    conversation: '7',
    createdAt: new Date(timers.now()).toISOString(),
    expiresAt: new Date(timers.now() + 300_000).toISOString(),
    state: 'pending',
    ...given,
  }
}
const keep = async (given: Partial<Approval> = {}) => keepRequest(db, P, await approval(given), timers.now())
const standing = async (id = 'k7m4px2q'): Promise<ApprovalRow['standing'] | undefined> =>
  (await db.get('approvals', [P, id]))?.standing
async function met(given: Partial<Approval> = {}, mode: Mode = 'writes'): Promise<ReturnType<typeof approvalsOf>> {
  await changeMode(db, P, mode, true)
  await keep(given)
  const one = worker()
  await one.look(P)
  return one
}
const refused = (why: string) => ({
  state: 'deciding',
  decision: 'deny',
  by: 'extension',
  reason: `This files.delete was refused because nobody could be asked: ${why}`,
})

type Case = [name: string, prepare: () => unknown, given: Partial<Approval> | Record<string, undefined>, why: string]

describe('approvals fail closed', () => {
  const cases: Case[] = [
    ['a webhook', () => addChannel(channelOf('webhook', {})), {}, 'a webhook answers nothing.'],
    [
      'an inbound-only channel',
      () => addChannel(channelOf('telegram', {}, { direction: 'inbound' })),
      {},
      'the channel only receives.',
    ],
    [
      'a channel that is switched off',
      () => addChannel(channelOf('telegram', {}, { enabled: false })),
      {},
      'the channel is switched off.',
    ],
    ['a channel nobody knows', () => db.delete('channels', [P, 'c']), {}, 'this browser does not know the channel.'],
    [
      'an unknown conversation',
      () => undefined,
      { conversation: '8' },
      'nobody has written to this browser from that conversation.',
    ],
    [
      'a conversation of another channel',
      () => addConversation(db, 'd:7', 'telegram').then(() => addChannel(channelOf('telegram', {}, { id: 'e' }))),
      { channelId: 'e', conversation: 'c:7' },
      'nobody has written to this browser from that conversation.',
    ],
    [
      'a conversation without a channel',
      () => undefined,
      { channelId: undefined },
      'the request names a conversation and no channel.',
    ],
    [
      'one of several conversations',
      () => addConversation(db, 'c:8', 'telegram'),
      { conversation: undefined },
      'the request does not say in which conversation.',
    ],
  ]
  it.each(cases)('client:APR6 %s is refused', async (_name, prepare, given, why) => {
    await prepare()
    await met(given as Partial<Approval>)
    expect(await standing()).toMatchObject(refused(why))
    expect(await db.count('replies')).toBe(0)
  })

  it('client:APR5, CRP5 the question leaves a draft alone, and a channel’s only conversation needs no name', async () => {
    await db.put('drafts', { profileId: P, conversationId: 'c:7', text: 'half a thought', updatedAt: 1 })
    await met({ conversation: undefined })
    expect(await standing()).toEqual({ state: 'asking' })
    expect(await db.getAll('replies')).toMatchObject([
      { state: 'sending', approvalId: 'k7m4px2q', metadata: { chatId: '7', format: 'plain' } },
    ])
    expect(await db.count('drafts')).toBe(1)
  })

  it('client:APR6 a question that is not taken within 30 s is refused and does not go out later', async () => {
    const one = await met()
    expect(one.due).toEqual([timers.now() + 30_000])
    await timers.advance(29_999)
    await one.look(P)
    expect(await standing()).toEqual({ state: 'asking' })
    await timers.advance(1)
    await one.look(P)
    expect(await standing()).toMatchObject(refused('the relay did not take the question within 30 s.'))
    expect(await db.count('replies')).toBe(0)
    expect(one.cleared).toEqual(['k7m4px2q'])
  })

  it('client:APR6 a question that cannot be delivered is refused', async () => {
    const one = await met()
    const [reply] = await db.getAll('replies')
    if (reply) await db.put('replies', { ...reply, state: 'queued' })
    await timers.advance(60_000)
    await one.look(P)
    expect(await standing()).toEqual({ state: 'asking' })
    if (reply) await db.put('replies', { ...reply, state: 'failed', code: 'delivery_failed', reason: 'Ada blocked the bot.' })
    await one.look(P)
    expect(await standing()).toMatchObject(refused('Ada blocked the bot.'))
  })

  it('client:APR6 a question that cannot be stored is refused', async () => {
    await changeMode(db, P, 'all', true)
    await keep()
    const { add } = IDBObjectStore.prototype
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, value: unknown) {
      if (this.name === 'replies') throw new DOMException('full', 'QuotaExceededError')
      return add.call(this, value)
    })
    await worker().look(P)
    expect(await standing()).toMatchObject({ state: 'deciding', decision: 'deny', by: 'extension' })
  })

  it('client:APR6 a request that cannot be stored is refused at once', async () => {
    const sent: ApprovalDecision[] = []
    const desk = createDesk({
      db,
      profileId: P,
      timers,
      settled: async () => undefined,
      send: (decision) => sent.push(decision) > 0,
      outcome: async () => ({ state: 'pending' }),
      onChanged: () => undefined,
    })
    const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    desk.take({ type: 'approval_required', approval: await approval() })
    await timers.advance(0)
    add.mockRestore()
    expect(sent).toMatchObject([{ id: 'k7m4px2q', decision: 'deny', decidedBy: 'extension' }])
    expect(await db.count('approvals')).toBe(0)
  })

  it('client:APR4, APR11, ARC7 a request whose hash is of something else is not shown to anybody', async () => {
    expect(await keep({ args: { path: '/' }, argsHash: await approvalHash('files.delete', { path: '/tmp/x' }) })).toBe('refused')
    expect(await keep({ expiresAt: 'soon' })).toBe('refused')
    expect(await db.count('approvals')).toBe(0)
    expect((await db.getAll('quarantine')).map(({ reason }) => reason)).toEqual([
      'argsHash: not of action and args',
      'expiresAt: not a date',
    ])
  })

  it('client:APR12 the time counts by the wall, through sleep and restart', async () => {
    await met()
    await timers.advance(300_000)
    await worker().wake()
    expect(await standing()).toMatchObject({ state: 'denied', by: 'timeout' })
    expect(await worker().decide(P, 'k7m4px2q', 'allow', 'popup')).toBe(false)
    await keep({ id: 'late0000', expiresAt: new Date(timers.now() - 1).toISOString() })
    await worker().look(P)
    expect(await standing('late0000')).toMatchObject({ state: 'denied', by: 'timeout' })
  })

  it('client:APR4, APR5 a worker that dies between storing and asking asks once when it wakes', async () => {
    await changeMode(db, P, 'writes', true)
    await keep()
    const put = vi.spyOn(IDBObjectStore.prototype, 'put')
    await worker().look(P)
    expect(put.mock.calls.findIndex(([value]) => value.standing?.state === 'asking')).toBeLessThan(
      put.mock.calls.findIndex(([value]) => value.lastReplyId !== undefined),
    )
    const row = await db.get('approvals', [P, 'k7m4px2q'])
    if (row?.asked) await db.put('approvals', { ...row, asked: { ...row.asked, told: false } })
    await worker().wake()
    expect(await db.count('replies')).toBe(1)
  })

  it('client:APR4, CDD13 answers count from the newest message that is here, even one ahead of its turn', async () => {
    await receive(db, [message(1)])
    const ahead = await db.get('messages', [P, 'm1'])
    if (ahead) await db.put('messages', { ...ahead, id: 'm9', seq: 9, at: ahead.at + 1 })
    await keep()
    expect(await db.get('approvals', [P, 'k7m4px2q'])).toMatchObject({ afterSeq: 9, epoch: 'e1' })
  })
})

describe('modes', () => {
  it('client:APR1 off is what nobody chose, and what cannot be read is all', async () => {
    expect(await readMode(db, P)).toBe('off')
    for (const value of ['none', 7, null, undefined, {}]) {
      await db.put('settings', { key: 'approvals:default', value })
      expect(await readMode(db, P)).toBe('all')
    }
    await changeMode(db, 'work', 'writes', false)
    expect([await readMode(db, P), await readMode(db, 'work')]).toEqual(['all', 'writes'])
  })

  it('client:APR16 fewer questions have to be confirmed', async () => {
    await changeMode(db, P, 'all', false)
    for (const mode of ['writes', 'off'] as const)
      await expect(changeMode(db, P, mode, false)).rejects.toMatchObject({ code: 'not_confirmed' })
    expect(await readMode(db, P)).toBe('all')
    await changeMode(db, P, 'writes', true)
    await changeMode(db, P, 'all', false)
    expect(await readMode(db, P)).toBe('all')
  })

  it('client:APR1, APR2, APR3 what is not asked is allowed, and kept with the reason', async () => {
    await met({}, 'off')
    await met({ id: 'read0000', kind: 'read' }, 'writes')
    await met({ id: 'free0000', channelId: undefined, conversation: undefined }, 'all')
    const allowed = (reason: string) => ({ state: 'deciding', decision: 'allow', by: 'mode', reason })
    expect(await standing()).toMatchObject(allowed('Approvals are off.'))
    expect(await standing('read0000')).toMatchObject(allowed('It only reads.'))
    expect(await standing('free0000')).toMatchObject(allowed('No message caused it.'))
    await met({ id: 'all00000', kind: 'read' }, 'all')
    expect(await standing('all00000')).toEqual({ state: 'asking' })
    expect(await db.count('replies')).toBe(1)
  })
})

it('client:APR15 decisions and answers are kept for 30 days', async () => {
  const day = 24 * 60 * 60_000
  const now = 100 * day
  for (const [id, age] of [
    ['old', 30],
    ['new', 29],
  ] as const) {
    await db.put(
      'approvals',
      approvalRow({ id, createdAt: now - age * day, standing: { state: 'used', by: 'popup', decidedAt: 0 } }),
    )
    await db.put('answers', {
      profileId: P,
      messageId: id,
      approvalIds: [id],
      outcome: 'allowed',
      from: 'Ada',
      text: 'yes',
      channelType: 'telegram',
      at: now - age * day,
    })
  }
  await tidyApprovals(db, now)
  expect((await db.getAll('approvals')).map(({ id }) => id)).toEqual(['new'])
  expect((await db.getAll('answers')).map(({ messageId }) => messageId)).toEqual(['new'])
})
