import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeSettings } from '../../../lib/app/settings.ts'
import type { Database } from '../../../lib/database/open.ts'
import type { Scheduled } from '../../../lib/inbox/model.ts'
import { listScheduled } from '../../../lib/inbox/queries.ts'
import { createRemoving } from '../../../lib/inbox/removing.ts'
import { createSchedule, LATE_MS } from '../../../lib/inbox/schedule.ts'
import { createScheduling, LATEST_MS } from '../../../lib/inbox/scheduling.ts'
import type { Change } from '../../../lib/messaging/changes.ts'
import { freshDatabase } from './support/database.ts'
import { addConversation } from './support/inbox.ts'
import { createFakeTimers, type FakeTimers, settle } from './support/timers.ts'

const PROFILE = 'default'
const HOUR_MS = 60 * 60_000
let db: Database
let timers: FakeTimers
let schedule: ReturnType<typeof createSchedule>
let scheduling: ReturnType<typeof createScheduling>
let listeners: ((change: Change) => void)[]
let told: Change[]

beforeEach(async () => {
  db = await freshDatabase()
  timers = createFakeTimers()
  scheduling = createScheduling({ db, now: timers.now })
  listeners = []
  told = []
  await db.put('profiles', { id: PROFILE, name: 'Me', relayUrl: 'http://127.0.0.1:8787', createdAt: 0, stopped: false })
  await addConversation(db, 'a', 'telegram')
  await addConversation(db, 'b', 'telegram')
  start()
})
afterEach(() => schedule.close())

function start(): void {
  schedule = createSchedule({
    db,
    timers,
    changes: {
      tell: (change) => {
        if (change.topic === 'replies') told.push(change)
      },
      listen: (listener) => {
        listeners.push(listener)
        return () => listeners.splice(listeners.indexOf(listener), 1)
      },
    },
  })
}
const tell = async (topic: 'scheduled' | 'profiles' = 'scheduled'): Promise<void> => {
  for (const listener of listeners) listener({ topic, profileId: PROFILE })
  await settle()
}
/** What went, in the order it goes out in. */
const released = async (): Promise<string[]> =>
  (await db.getAll('replies')).sort((a, b) => (a.clientId < b.clientId ? -1 : 1)).map(({ content }) => content)
const plan = (content: string, inMs: number, conversationId = 'a') =>
  scheduling.add({ profileId: PROFILE, conversationId, content, attachments: [], sendAt: timers.now() + inMs })
const planned = () => db.getAll('scheduled')
const replies = async () =>
  (await db.getAll('replies')).map(({ content, state, late, plannedFor }) => ({ content, state, late, plannedFor }))
const first = async (): Promise<Scheduled> => {
  const [one] = await planned()
  if (!one) throw new Error('nothing is planned')
  return one
}

describe('a reply for later', () => {
  it('client:SCH1, SCH2 waits with its files, answers what it was written under, and goes at its time', async () => {
    await db.put('drafts', { profileId: PROFILE, conversationId: 'a', text: 'later', updatedAt: 0 })
    const attachments = [{ filename: 'a.txt', mimeType: 'text/plain', dataBase64: 'QQ==' }]
    const sendAt = timers.now() + HOUR_MS
    await scheduling.add({ profileId: PROFILE, conversationId: 'a', content: 'later', attachments, sendAt })
    await tell()
    expect([await db.get('drafts', [PROFILE, 'a']), await replies()]).toEqual([undefined, []])
    await timers.advance(HOUR_MS - 1)
    expect(await replies()).toEqual([])
    await timers.advance(1)
    const [reply] = await db.getAll('replies')
    expect(reply).toMatchObject({
      ...{ content: 'later', state: 'sending', replyTo: 'm1', metadata: { chatId: '7' }, attachments },
      ...{ plannedFor: sendAt, createdAt: sendAt, channelId: 'c', channelType: 'telegram' },
    })
    expect(reply?.late).toBeUndefined()
    expect(await db.get('conversations', [PROFILE, 'a'])).toMatchObject({ lastAt: sendAt, lastReplyId: reply?.clientId })
    expect([await planned(), await released()]).toEqual([[], ['later']])
    expect((await db.getAll('unindexed')).at(-1)).toEqual({ profileId: PROFILE, kind: 'reply', ids: [reply?.clientId] })
  })

  it('client:SCH2 is released once, whoever looks at the same time', async () => {
    await plan('once', 1_000)
    start()
    await tell()
    await timers.advance(1_000)
    expect([await released(), told.length]).toEqual([['once'], 1])
  })

  it('client:SCH2 a clock that jumps ahead is noticed within half a minute', async () => {
    await plan('after lunch', HOUR_MS)
    await tell()
    await timers.advance(1)
    expect(timers.waiting()[0]).toBeLessThanOrEqual(30_000)
  })

  it('client:SCH3 what came due while nothing ran goes at the next start, by its times, and is marked', async () => {
    await plan('second', 2_000)
    await plan('first', 1_000, 'b')
    await plan('third', HOUR_MS)
    await schedule.close()
    await timers.advance(HOUR_MS + LATE_MS)
    expect(await replies()).toEqual([])
    start()
    await settle()
    expect(await released()).toEqual(['first', 'second', 'third'])
    expect((await replies()).map(({ content, late }) => [content, late])).toEqual([
      ['first', true],
      ['second', true],
      ['third', undefined],
    ])
    const ids = await db.getAllKeysFromIndex('replies', 'state', IDBKeyRange.only([PROFILE, 'sending']))
    expect((await Promise.all(ids.map((id) => db.get('replies', id)))).map((reply) => reply?.content)).toEqual(await released())
  })

  it('client:SCH4 is edited, sent now or cancelled until it went', async () => {
    await plan('draft', HOUR_MS)
    await plan('never', HOUR_MS)
    await plan('now', HOUR_MS)
    const [edited, cancelled, hurried] = await Promise.all(
      ['draft', 'never', 'now'].map(async (text) => (await planned()).find(({ content }) => content === text) as Scheduled),
    )
    if (!edited || !cancelled || !hurried) throw new Error('not planned')
    await scheduling.edit(edited, { content: 'final', sendAt: timers.now() + 5_000 })
    await scheduling.cancel(cancelled)
    await scheduling.sendNow(hurried)
    await tell()
    expect(await released()).toEqual(['now'])
    await timers.advance(5_000)
    expect(await released()).toEqual(['now', 'final'])
    expect((await replies()).some(({ late }) => late)).toBe(false)
    await expect(scheduling.edit(edited, { content: 'again', sendAt: timers.now() + 1 })).rejects.toMatchObject({
      code: 'already_sent',
    })
    await expect(scheduling.sendNow(edited)).rejects.toMatchObject({ code: 'already_sent' })
    await tell()
    expect([(await released()).length, await planned()]).toEqual([2, []])
  })

  it('client:SCH4, CRP5 a time that passed or is over a year away, and what the relay would refuse, is not stored', async () => {
    const refused = (content: string, inMs: number) =>
      plan(content, inMs).then(
        () => 'stored',
        ({ code }) => code,
      )
    expect(await refused('x', 0)).toBe('invalid_field')
    expect(await refused('x', Number.NaN)).toBe('invalid_field')
    expect(await refused('x', LATEST_MS + 1)).toBe('invalid_field')
    expect(await refused(' ', 1)).toBe('missing_field')
    expect(await refused('é'.repeat(32_769), 1)).toBe('content_too_large')
    expect(await planned()).toEqual([])
    await plan('x', 1_000)
    const one = await first()
    await expect(scheduling.edit(one, { content: '', sendAt: one.sendAt })).rejects.toMatchObject({ code: 'missing_field' })
    expect((await first()).content).toBe('x')
  })

  it('client:SCH4 a deleted conversation takes what was planned in it along, and no other', async () => {
    await plan('gone', 1_000)
    await plan('stays', 1_000, 'b')
    await createRemoving({ db }).removeConversation(PROFILE, 'a')
    expect((await planned()).map(({ content }) => content)).toEqual(['stays'])
    expect((await listScheduled(db, PROFILE, 'a')).length).toBe(0)
    await tell()
    await timers.advance(1_000)
    expect(await released()).toEqual(['stays'])
  })

  it('client:OBS1, SCH2 what is planned for a channel that is only observed by then is not sent, and is kept to send again', async () => {
    await plan('quiet', 1_000)
    await tell()
    await changeSettings(db, PROFILE, { observedChannels: ['c'] })
    await expect(plan('more', 1_000)).rejects.toMatchObject({ code: 'observe_only' })
    await timers.advance(1_000)
    expect(await db.getAll('replies')).toMatchObject([{ content: 'quiet', state: 'failed', code: 'observe_only' }])
    expect(await planned()).toEqual([])
  })

  it('client:SCH3 a profile that is off keeps what is planned until it is on again, whatever the others do', async () => {
    await db.put('profiles', { id: 'off', name: 'Off', relayUrl: 'http://127.0.0.1:8787', createdAt: 1, stopped: true })
    const mine = await plan('mine', 1_000).then(first)
    const conversation = await db.get('conversations', [PROFILE, 'a'])
    if (!conversation) throw new Error('no conversation')
    await db.put('conversations', { ...conversation, profileId: 'off' })
    await db.put('scheduled', { ...mine, profileId: 'off', content: 'theirs' })
    await tell()
    await timers.advance(LATE_MS + 1_001)
    expect(await released()).toEqual(['mine'])
    expect(timers.waiting()).toEqual([])
    expect((await planned()).map(({ profileId }) => profileId)).toEqual(['off'])
    await db.put('profiles', { id: 'off', name: 'Off', relayUrl: 'http://127.0.0.1:8787', createdAt: 1, stopped: false })
    await tell('profiles')
    expect((await db.getAll('replies')).find(({ profileId }) => profileId === 'off')).toMatchObject({
      content: 'theirs',
      late: true,
    })
    expect(await planned()).toEqual([])
  })
})
