import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import { cleanUp } from '../../../lib/inbox/cleanUp.ts'
import { tidy } from '../../../lib/inbox/housekeeping.ts'
import { changeMark, endSnoozes, type MarkChange } from '../../../lib/inbox/marking.ts'
import { listConversations } from '../../../lib/inbox/queries.ts'
import { createReading } from '../../../lib/inbox/reading.ts'
import { createRemoving } from '../../../lib/inbox/removing.ts'
import { standingOf } from '../../../lib/inbox/standing.ts'
import { countAllUnread } from '../../../lib/inbox/unread.ts'
import { databaseWithProfile } from './support/database.ts'
import { receive } from './support/inbox.ts'
import { message } from './support/modelRelay.ts'

const PROFILE = 'default'
let db: Database
let time: number

beforeEach(async () => {
  db = await databaseWithProfile('http://127.0.0.1')
  time = Date.parse(message(100).timestamp)
})

/** Message `seq` in the chat of that name. */
const come = (chat: string, ...seqs: number[]) =>
  receive(
    db,
    seqs.map((seq) => message(seq, { metadata: { chatId: chat } })),
  )
const mark = (chat: string, change: MarkChange) => changeMark(db, { profileId: PROFILE, conversationId: `c:${chat}` }, change, time)
const order = async () => (await listConversations(db, PROFILE)).map(({ id }) => id.slice(2)).join(' ')
async function standing(chat: string) {
  const row = (await listConversations(db, PROFILE)).find(({ id }) => id === `c:${chat}`)
  return row && standingOf(row.mark, row, time)
}
const unread = () => countAllUnread(db, time)

describe('marks', () => {
  it('client:MRK1 pinned conversations come first, newest first among themselves, and stay there', async () => {
    for (const [index, chat] of ['a', 'b', 'c', 'd'].entries()) await come(chat, index + 1)
    await mark('a', { pinned: true })
    await mark('b', { pinned: true })
    expect(await order()).toBe('b a d c')
    await come('c', 5)
    await come('a', 6)
    expect(await order()).toBe('a b c d')
    await mark('a', { pinned: false })
    expect(await order()).toBe('b a c d')
    expect(await db.count('marks')).toBe(1)
  })

  it('client:MRK2 an archived conversation is away and uncounted until something comes, late messages too', async () => {
    await come('a', 1, 2, 8)
    await come('b', 9)
    await mark('a', { pinned: true })
    await mark('a', { archived: true })
    expect(await standing('a')).toEqual({ pinned: false, archived: true, muted: false })
    expect(await unread()).toBe(1)
    await createReading({ db }).markRead(PROFILE, 'c:a')
    expect((await standing('a'))?.archived).toBe(true)
    await mark('a', { archived: true })
    // One that was sent before the newest and came after it.
    await receive(db, [message(10, { metadata: { chatId: 'a' }, timestamp: message(5).timestamp })])
    expect((await standing('a'))?.archived).toBe(false)
    expect(await unread()).toBe(2)
    await mark('a', { archived: true })
    // Read meanwhile, where it was found: fewer are unread than when it was archived.
    await createReading({ db }).markRead(PROFILE, 'c:a')
    expect((await standing('a'))?.archived).toBe(true)
    await receive(db, [message(11, { metadata: { chatId: 'a' }, timestamp: message(4).timestamp })])
    expect((await standing('a'))?.archived).toBe(false)
  })

  it('client:MRK4 a muted one is listed but not counted, until its time is over', async () => {
    await come('a', 1)
    await mark('a', { mutedUntil: time + 1_000 })
    await come('a', 2)
    expect([(await standing('a'))?.muted, await unread()]).toEqual([true, 0])
    time += 1_000
    expect([(await standing('a'))?.muted, await unread()]).toEqual([false, 2])
    await mark('a', { mutedUntil: time + 1_000 })
    await mark('a', { mutedUntil: 0 })
    expect([await unread(), await db.count('marks')]).toEqual([2, 0])
  })

  it('client:SNZ1 a snoozed one is away until its time, or until something comes', async () => {
    await come('a', 1)
    await come('b', 2)
    for (const chat of ['a', 'b']) await mark(chat, { snoozedUntil: time + 1_000 })
    expect([await standing('a'), await unread()]).toEqual([
      { pinned: false, archived: false, muted: false, snoozedUntil: time + 1_000 },
      0,
    ])
    await come('b', 3)
    expect((await standing('b'))?.snoozedUntil).toBeUndefined()
    expect(await unread()).toBe(2)
    time += 1_000
    expect((await standing('a'))?.snoozedUntil).toBeUndefined()
    // A time that is over already is none.
    await mark('a', { snoozedUntil: time })
    expect(await db.get('marks', [PROFILE, 'c:a'])).toBeUndefined()
  })

  it('client:SNZ2 at its time it comes back on top, unread, and is told once, also when the browser was closed', async () => {
    await come('a', 1)
    await come('b', 2)
    await createReading({ db }).markRead(PROFILE, 'c:a')
    await mark('a', { snoozedUntil: time + 1_000 })
    expect(await endSnoozes(db, time + 999)).toEqual([])
    time += 3 * 86_400_000
    expect(await endSnoozes(db, time)).toEqual([{ profileId: PROFILE, conversationId: 'c:a', messageId: 'm1' }])
    expect(await endSnoozes(db, time)).toEqual([])
    expect([await order(), await unread()]).toEqual(['a b', 2])
    expect((await db.get('messages', [PROFILE, 'm1']))?.read).toBe(0)
  })

  it('client:SNZ2 one that came back because of a message is not told a second time', async () => {
    await come('a', 1)
    await mark('a', { snoozedUntil: time + 1_000 })
    await come('a', 2)
    expect(await endSnoozes(db, time + 1_000)).toEqual([])
    expect(await unread()).toBe(2)
  })

  it('client:MRK2, SNZ1 archived and snoozed exclude each other; a mark of what is gone is not kept', async () => {
    await come('a', 1)
    await mark('a', { snoozedUntil: time + 1_000 })
    await mark('a', { archived: true })
    expect(await standing('a')).toEqual({ pinned: false, archived: true, muted: false })
    await mark('a', { snoozedUntil: time + 1_000 })
    expect((await standing('a'))?.archived).toBe(false)
    await mark('a', { snoozedUntil: 0 })
    expect((await standing('a'))?.snoozedUntil).toBeUndefined()
    await mark('nobody', { pinned: true })
    await mark('a', { pinned: true })
    await createRemoving({ db }).removeConversation(PROFILE, 'c:a')
    expect(await db.count('marks')).toBe(0)
  })

  it('client:CDD11 messages of pinned and snoozed conversations go last, as unread ones do', async () => {
    const chats = ['pinned', 'snoozed', 'plain', 'unread']
    for (const [index, chat] of chats.entries()) await come(chat, 10 * index + 1, 10 * index + 2)
    for (const chat of chats.slice(0, 3)) await createReading({ db }).markRead(PROFILE, `c:${chat}`)
    await mark('pinned', { pinned: true })
    await mark('snoozed', { snoozedUntil: time + 1_000 })
    const left = async () => [...new Set((await db.getAll('messages')).map(({ conversationId }) => conversationId.slice(2)))].sort()
    await cleanUp(db)
    expect(await left()).toEqual(['pinned', 'snoozed', 'unread'])
    await come('plain', 41)
    await createReading({ db }).markRead(PROFILE, 'c:plain')
    await tidy(db, { now: time, keepMessages: 6 })
    expect(await left()).toEqual(['pinned', 'snoozed', 'unread'])
    await tidy(db, { now: time, keepMessages: 2 })
    expect(await left()).toEqual(['unread'])
  })
})
