import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import { dismissGap } from '../../../lib/inbox/gaps.ts'
import type { Reply } from '../../../lib/inbox/model.ts'
import { listConversations, listGaps } from '../../../lib/inbox/queries.ts'
import { createReading } from '../../../lib/inbox/reading.ts'
import { createRemoving } from '../../../lib/inbox/removing.ts'
import { positionOf, readAround, readThread, type ThreadItem } from '../../../lib/inbox/thread.ts'
import { countAllUnread } from '../../../lib/inbox/unread.ts'
import { createWriting } from '../../../lib/inbox/writing.ts'
import type { ChannelType } from '../../../lib/protocol/message.ts'
import { addProfile, databaseWithProfile } from './support/database.ts'
import { receive } from './support/inbox.ts'
import { message } from './support/modelRelay.ts'

const PROFILE = 'default'
let db: Database
let reading: ReturnType<typeof createReading>
let removing: ReturnType<typeof createRemoving>

beforeEach(async () => {
  db = await databaseWithProfile('http://127.0.0.1')
  reading = createReading({ db })
  removing = createRemoving({ db })
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

  it('client:INB1 where several write the list names the place and who spoke last, elsewhere the person', async () => {
    const said = (seq: number, from: string, metadata: Record<string, unknown>, channelType: ChannelType = 'telegram') =>
      message(seq, { from, channelType, channelId: `${channelType}${metadata.chatId ?? ''}`, metadata })
    await receive(db, [
      said(1, 'ada', { chatId: '7', chatType: 'private' }),
      said(2, 'ada', { chatId: '-9', chatType: 'group', chatTitle: 'Ops room' }),
      said(3, 'marta', { chatId: '-9', chatType: 'group', chatTitle: 'Ops room' }),
      said(4, 'kim', { chatId: '-8', chatType: 'supergroup' }),
      said(5, 'github', { channelName: 'ci' }, 'webhook'),
      said(6, 'tom', { discordChannelId: '5', guildId: '6', channelName: 'Maintainers' }, 'discord'),
      said(7, 'ada@example.com', { senderAddress: 'ada@example.com', channelName: 'office' }, 'email'),
    ])
    const rows = (await listConversations(db, PROFILE)).map(({ title, lastSpeaker }) => [title, lastSpeaker])
    expect(rows).toEqual([
      ['ada@example.com', undefined],
      ['Maintainers', 'tom'],
      ['ci', 'github'],
      ['kim', undefined],
      ['Ops room', 'marta'],
      ['ada', undefined],
    ])
    await receive(db, [said(8, 'webhook', { channelName: 'ci' }, 'webhook')])
    expect((await listConversations(db, PROFILE))[0]).toMatchObject({ title: 'ci', lastSpeaker: undefined })
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

  it('client:PRF4 nothing of one profile is in the other’s lists', async () => {
    await addProfile(db, 'http://127.0.0.1', 'other')
    await receive(db, inOne(2))
    await receive(db, [message(1, { id: 'theirs' })], 'other')
    expect((await listConversations(db, 'other')).map(({ lastMessageId }) => lastMessageId)).toEqual(['theirs'])
    expect((await readThread(db, 'other', 'c:x', { limit: 9 })).items).toEqual([])
    expect(await countAllUnread(db, 1)).toBe(3)
  })
})

describe('read marks and deletions', () => {
  it('client:INB5 reading marks every message and brings the count to nothing; what comes later counts again', async () => {
    await receive(db, inOne(1_100))
    expect(await countAllUnread(db, 1)).toBe(1_100)
    await reading.markRead(PROFILE, 'c:x')
    expect(await countAllUnread(db, 1)).toBe(0)
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
    await removing.removeMessage(PROFILE, 'm2')
    expect(await db.get('conversations', [PROFILE, 'c:x'])).toMatchObject({
      lastPreview: 'message 1',
      lastMessageId: 'm1',
      unread: 1,
    })
    await receive(db, inOne(2), PROFILE, 'another epoch')
    expect((await db.getAll('messages')).map(({ id }) => id)).toEqual(['m1'])
    await removing.removeMessage(PROFILE, 'm1')
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
    await removing.removeConversation(PROFILE, 'c:x')
    for (const store of ['replies', 'drafts', 'files'] as const) expect(await db.count(store)).toBe(0)
    expect((await db.getAll('messages')).map(({ id }) => id)).toEqual(['m1002'])
    expect((await listConversations(db, PROFILE)).map(({ id }) => id)).toEqual(['c:0'])
    expect(await db.count('seen')).toBe(1_002)
  })

  it('client:CDD6 a dismissed gap is gone from the list', async () => {
    await db.put('gaps', { profileId: PROFILE, id: 'g', at: 1, count: 3, dismissed: 0 })
    expect(await listGaps(db, PROFILE)).toHaveLength(1)
    await dismissGap(db, PROFILE, 'g')
    expect(await listGaps(db, PROFILE)).toEqual([])
  })
})
