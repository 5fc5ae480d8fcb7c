import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import type { Reply } from '../../../lib/inbox/model.ts'
import { listConversations, listGaps } from '../../../lib/inbox/queries.ts'
import { createReading } from '../../../lib/inbox/reading.ts'
import { countSearched, searchItems } from '../../../lib/inbox/search.ts'
import { positionOf, readAround, readThread, type ThreadItem } from '../../../lib/inbox/thread.ts'
import { countAllUnread } from '../../../lib/inbox/unread.ts'
import { createWriting } from '../../../lib/inbox/writing.ts'
import { addProfile, databaseWithProfile } from './support/database.ts'
import { receive } from './support/inbox.ts'
import { message } from './support/modelRelay.ts'

const PROFILE = 'default'
let db: Database
let reading: ReturnType<typeof createReading>

beforeEach(async () => {
  db = await databaseWithProfile('http://127.0.0.1')
  reading = createReading({ db })
})

const numbers = (count: number) => Array.from({ length: count }, (_one, index) => index + 1)
const inOne = (count: number) => numbers(count).map((seq) => message(seq, { metadata: { chatId: 'x' } }))
const at = (seq: number) => Date.parse(message(seq).timestamp)
const unreadOf = async (id = 'c:x') => (await db.get('conversations', [PROFILE, id]))?.unread

describe('reading what is stored', () => {
  it('client:CDD12 conversations come newest first, our own reply counting, with its draft', async () => {
    await receive(
      db,
      numbers(3).map((seq) => message(seq)),
    )
    const writing = createWriting({ db, now: () => Date.parse(message(9).timestamp) })
    const reply = await writing.write({ profileId: PROFILE, conversationId: 'c:1', content: 'mine', attachments: [] })
    await writing.saveDraft(PROFILE, 'c:2', 'half')
    const rows = await listConversations(db, PROFILE)
    expect(rows.map(({ id }) => id)).toEqual(['c:1', 'c:0', 'c:2'])
    expect(rows[0]?.lastReply?.clientId).toBe(reply.clientId)
    expect(rows[2]?.draft).toBe('half')
  })

  it('client:CDD12 a newer message takes our reply’s place in the list', async () => {
    await receive(db, inOne(1))
    const writing = createWriting({ db, now: () => Date.parse(message(1).timestamp) })
    await writing.write({ profileId: PROFILE, conversationId: 'c:x', content: 'mine', attachments: [] })
    expect((await listConversations(db, PROFILE))[0]?.lastReply?.content).toBe('mine')
    await receive(db, [message(2, { metadata: { chatId: 'x' } })])
    const [row] = await listConversations(db, PROFILE)
    expect(row?.lastReply).toBeUndefined()
    expect(row?.lastPreview).toBe('message 2')
  })

  it('client:CDD12 a thread is read backwards in pages without skipping or repeating, messages and replies in order', async () => {
    await receive(db, inOne(7))
    for (const [index, seq] of [2, 5].entries()) {
      const reply = { clientId: `r${index}`, profileId: PROFILE, conversationId: 'c:x', createdAt: at(seq) + 1, state: 'sent' }
      await db.put('replies', reply as Reply)
    }
    const seen: string[] = []
    let before: { at: number; seq: number } | undefined
    for (;;) {
      const { items, more } = await readThread(db, PROFILE, 'c:x', { limit: 2, ...(before && { before }) })
      seen.unshift(...items.map((item) => (item.kind === 'message' ? item.message.id : item.reply.clientId)))
      const [first] = items
      if (!more || !first) break
      before = positionOf(first)
    }
    expect(seen).toEqual(['m1', 'm2', 'r0', 'm3', 'm4', 'm5', 'r1', 'm6', 'm7'])
  })

  it('client:CDD12, INB3 and forwards, and around an item far back, with our replies in their place', async () => {
    await receive(db, inOne(40))
    for (const seq of [10, 20]) {
      const reply = { clientId: `r${seq}`, profileId: PROFILE, conversationId: 'c:x', createdAt: at(seq) + 1, state: 'sent' }
      await db.put('replies', reply as Reply)
    }
    const names = (items: ThreadItem[]) => items.map((item) => (item.kind === 'message' ? item.message.seq : item.reply.clientId))
    const order = numbers(40).flatMap((seq) => (seq === 10 || seq === 20 ? [seq, `r${seq}`] : [seq]))
    const all = await readThread(db, PROFILE, 'c:x', { limit: 99 })
    expect(names(all.items)).toEqual(order)
    for (const [index, item] of all.items.entries()) {
      const next = await readThread(db, PROFILE, 'c:x', { after: positionOf(item), limit: 5 })
      expect(names(next.items)).toEqual(order.slice(index + 1, index + 6))
      expect(next.more).toBe(index + 6 < order.length)
      const goal = item.kind === 'message' ? { messageId: item.message.id } : { clientId: item.reply.clientId }
      const around = await readAround(db, PROFILE, 'c:x', goal, 5)
      expect(names(around?.items ?? [])).toEqual(order.slice(Math.max(0, index - 5), index + 6))
      expect(around).toMatchObject({ more: index > 5, later: index + 6 < order.length })
    }
    expect(await readAround(db, PROFILE, 'c:other', { messageId: 'm3' }, 5)).toBeUndefined()
    expect(await readAround(db, 'other', 'c:x', { clientId: 'r10' }, 5)).toBeUndefined()
  })

  it('client:INB1 a row’s second line is plain words', async () => {
    await receive(db, [message(1, { content: '# Bill\n\n**42 €** for [the room](https://a.test)\n```\nIBAN\n```' })])
    expect((await listConversations(db, PROFILE))[0]?.lastPreview).toBe('Bill 42 € for the room IBAN')
  })

  it('client:INB1 search looks through everything, newest first, in content, sender and subject, any case, and can be stopped', async () => {
    const messages = numbers(1_203).map((seq) =>
      message(seq, {
        content: seq % 400 === 0 ? `The Needle number ${seq}` : 'hay',
        from: seq === 7 ? 'Needle Number' : 'Ada',
        metadata: seq === 9 ? { subject: 'needle NUMBER' } : {},
      }),
    )
    await receive(db, messages)
    const found = async (words: string, limit = 50) =>
      (await searchItems(db, PROFILE, words, limit)).map((item) => positionOf(item).seq)
    expect(await found('NEEDLE number')).toEqual([1_200, 800, 400, 9, 7])
    expect(await found('needle', 2)).toEqual([1_200, 800])
    expect(await found('needle 800')).toEqual([800])
    expect(await found('  ')).toEqual([])
    expect(await found('nowhere')).toEqual([])
    const stopped = AbortSignal.abort()
    expect(await searchItems(db, PROFILE, 'needle', 50, stopped)).toEqual([])
  })

  it('client:INB1 search finds our own replies too, in their place among the messages, files by their names', async () => {
    const wall = (seq: number) => message(seq, { content: 'the wall', metadata: { chatId: 'x' } })
    await receive(db, numbers(1_100).map(wall))
    const ours = { profileId: PROFILE, conversationId: 'c:x', channelId: 'c', state: 'sent', attachments: [] as object[] }
    for (const [index, content] of ['The Wall is mine', 'something else', 'wall again'].entries()) {
      const attachments = index === 1 ? [{ filename: 'plan of the wall.pdf' }] : []
      const createdAt = at(100 * (index + 1)) + 1
      await db.put('replies', { ...ours, clientId: `r${index}`, content, createdAt, attachments } as unknown as Reply)
    }
    const found = await searchItems(db, PROFILE, 'wall the', 2_000)
    expect(found).toHaveLength(1_102)
    const places = found.flatMap((item, index) => (item.kind === 'reply' ? [[item.reply.clientId, index]] : []))
    expect(places).toEqual([
      ['r1', 900],
      ['r0', 1_001],
    ])
    expect((await searchItems(db, PROFILE, 'mine', 5)).map((item) => item.kind)).toEqual(['reply'])
    expect(await countSearched(db, PROFILE)).toBe(1_103)
    expect(await countSearched(db, 'other')).toBe(0)
  })

  it('client:PRF4 nothing of one profile is in the other’s lists', async () => {
    await addProfile(db, 'http://127.0.0.1', 'other')
    await receive(db, inOne(2))
    await receive(db, [message(1, { id: 'theirs' })], 'other')
    expect((await listConversations(db, 'other')).map(({ lastMessageId }) => lastMessageId)).toEqual(['theirs'])
    expect((await searchItems(db, 'other', 'message', 9)).map(positionOf)).toEqual([{ at: expect.any(Number), seq: 1 }])
    expect((await readThread(db, 'other', 'c:x', { limit: 9 })).items).toEqual([])
    expect(await countAllUnread(db)).toBe(3)
  })
})

describe('read marks and deletions', () => {
  it('client:INB5 reading marks every message and brings the count to nothing; what comes later counts again', async () => {
    await receive(db, inOne(1_100))
    expect(await countAllUnread(db)).toBe(1_100)
    await reading.markRead(PROFILE, 'c:x')
    expect(await countAllUnread(db)).toBe(0)
    expect((await db.getAll('messages')).every(({ read }) => read === 1)).toBe(true)
    await receive(db, [message(1_101, { metadata: { chatId: 'x' } })])
    expect(await unreadOf()).toBe(1)
  })

  it('client:INB5 a message that comes while reading is being marked stays counted right', async () => {
    await receive(db, inOne(700))
    await Promise.all([reading.markRead(PROFILE, 'c:x'), receive(db, [message(701, { metadata: { chatId: 'x' } })])])
    const unread = (await db.getAll('messages')).filter(({ read }) => read === 0).length
    expect(await unreadOf()).toBe(unread)
  })

  it('client:INB5 marking unread makes the newest message unread, once', async () => {
    await receive(db, inOne(3))
    await reading.markRead(PROFILE, 'c:x')
    await reading.markUnread(PROFILE, 'c:x')
    await reading.markUnread(PROFILE, 'c:x')
    expect(await unreadOf()).toBe(1)
    expect((await db.get('messages', [PROFILE, 'm3']))?.read).toBe(0)
  })

  it('client:CDD7 a deleted message does not come back, and the list shows the one before it', async () => {
    await receive(db, inOne(2))
    await reading.removeMessage(PROFILE, 'm2')
    expect(await db.get('conversations', [PROFILE, 'c:x'])).toMatchObject({
      lastPreview: 'message 1',
      lastMessageId: 'm1',
      unread: 1,
    })
    await receive(db, inOne(2), PROFILE, 'another epoch')
    expect((await db.getAll('messages')).map(({ id }) => id)).toEqual(['m1'])
    await reading.removeMessage(PROFILE, 'm1')
    expect(await db.count('conversations')).toBe(0)
  })

  it('client:INB5 a deleted conversation takes messages, replies, draft and files along, in this browser only', async () => {
    await receive(db, [...inOne(1_001), message(1_002)])
    const writing = createWriting({ db, now: () => 1 })
    await writing.write({ profileId: PROFILE, conversationId: 'c:x', content: 'mine', attachments: [] })
    await writing.saveDraft(PROFILE, 'c:x', 'half')
    await db.put('files', {
      profileId: PROFILE,
      messageId: 'm1',
      attachmentId: 'a',
      bytes: new ArrayBuffer(1),
      mimeType: '',
      cachedAt: 1,
    })
    await reading.removeConversation(PROFILE, 'c:x')
    for (const store of ['replies', 'drafts', 'files'] as const) expect(await db.count(store)).toBe(0)
    expect((await db.getAll('messages')).map(({ id }) => id)).toEqual(['m1002'])
    expect((await listConversations(db, PROFILE)).map(({ id }) => id)).toEqual(['c:0'])
    expect(await db.count('seen')).toBe(1_002)
  })

  it('client:CDD6 a dismissed gap is gone from the list', async () => {
    await db.put('gaps', { profileId: PROFILE, id: 'g', at: 1, count: 3, dismissed: 0 })
    expect(await listGaps(db, PROFILE)).toHaveLength(1)
    await reading.dismissGap(PROFILE, 'g')
    expect(await listGaps(db, PROFILE)).toEqual([])
  })
})
