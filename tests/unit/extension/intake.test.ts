import { afterEach, describe, expect, it, vi } from 'vitest'
import { QUEUE_FRAMES } from '../../../lib/inbox/intake.ts'
import { freshDatabase } from './support/database.ts'
import { allMessages, assemble, failOnce, PROFILE, poll, push } from './support/intake.ts'
import { createModelRelay, message } from './support/modelRelay.ts'
import { settle } from './support/timers.ts'

afterEach(() => vi.restoreAllMocks())

describe('storing', () => {
  it('client:CDD1, CDD12 a page brings messages, ids, conversations and cursor in one go, and only then is it told', async () => {
    const relay = createModelRelay()
    for (let count = 0; count < 7; count++) relay.append()
    const { db, intake, stored } = assemble(await freshDatabase())
    await poll(intake, relay)
    expect(await allMessages(db)).toEqual(relay.stored().map(({ id }) => id))
    expect(await db.count('seen')).toBe(7)
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 7, epoch: 'e1' })
    expect(stored.flatMap(({ fresh }) => fresh.map(({ seq }) => seq))).toEqual([1, 2, 3, 4, 5, 6, 7])
    const conversations = await db.getAll('conversations')
    expect(conversations.map(({ id, unread }) => [id, unread])).toEqual([
      ['c:0', 2],
      ['c:1', 3],
      ['c:2', 2],
    ])
    expect(conversations.find(({ id }) => id === 'c:1')).toMatchObject({ lastPreview: 'message 7', lastMessageId: 'id7' })
  })

  it('client:CDD1 no transaction takes more than 200 messages', async () => {
    const relay = createModelRelay()
    for (let count = 0; count < 450; count++) relay.append()
    const { intake, stored } = assemble(await freshDatabase())
    await poll(intake, relay, 500)
    expect(stored.map(({ fresh }) => fresh.length)).toEqual([200, 200, 50])
    expect(stored.map(({ cursor }) => cursor?.seq)).toEqual([200, 400, 450])
  })

  it.each(['messages', 'conversations', 'cursors'])(
    'client:CDD2 when %s cannot be written nothing of the batch is there, nothing is told, and it comes again later',
    async (store) => {
      const relay = createModelRelay()
      relay.append()
      const { db, intake, stored } = assemble(await freshDatabase())
      await poll(intake, relay)
      relay.append()
      relay.append()
      failOnce(store)
      await expect(poll(intake, relay)).rejects.toBeDefined()
      expect(await db.count('messages')).toBe(1)
      expect(await db.count('seen')).toBe(1)
      expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 1 })
      expect(stored).toHaveLength(1)
      await poll(intake, relay)
      expect(await allMessages(db)).toEqual(['id1', 'id2', 'id3'])
    },
  )

  it('client:CDD2 a live message that cannot be stored is reported as trouble, and those behind it are not taken either', async () => {
    const relay = createModelRelay()
    const { db, intake, troubles } = assemble(await freshDatabase())
    await poll(intake, relay)
    for (let count = 0; count < 3; count++) relay.append()
    failOnce('messages')
    push(intake, relay, 1)
    push(intake, relay, 2)
    await settle()
    expect(troubles).toHaveLength(1)
    expect(await db.count('messages')).toBe(0)
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 0 })
  })

  it('client:CDD3 a known id is not stored or told again, by whichever way it comes, but moves the cursor', async () => {
    const relay = createModelRelay()
    const { db, intake, stored } = assemble(await freshDatabase())
    await poll(intake, relay)
    relay.append()
    push(intake, relay, 1)
    push(intake, relay, 1)
    await settle()
    await poll(intake, relay)
    expect(stored.flatMap(({ fresh }) => fresh)).toHaveLength(1)
    await db.delete('messages', [PROFILE, 'id1'])
    relay.renewEpoch()
    await poll(intake, relay)
    expect(await db.count('messages')).toBe(0)
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 1, epoch: 'e2' })
  })

  it('client:ARC7 a record that does not fit is quarantined with its reason and does not stop the others', async () => {
    const { db, intake } = assemble(await freshDatabase())
    const answer = createModelRelay().page(0, undefined, 10)
    const bad = { ...message(2), channelType: 'pigeon' }
    const badTime = { ...message(3), timestamp: 'yesterday' }
    await intake.page({ ...answer, messages: [message(1), bad, badTime, 'nonsense', message(4)], nextAfter: 4, head: 4 }, undefined)
    expect(await allMessages(db)).toEqual(['m1', 'm4'])
    expect((await db.getAll('quarantine')).map(({ reason }) => reason)).toEqual([
      expect.stringContaining('channelType'),
      'timestamp: not a date',
      expect.stringContaining('message'),
    ])
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 4 })
    expect(await db.count('gaps')).toBe(0)
  })

  it('client:ARC7 a frame whose position differs from its message is not believed', async () => {
    const relay = createModelRelay()
    const { db, intake } = assemble(await freshDatabase())
    await poll(intake, relay)
    intake.push({ epoch: 'e1', seq: 1, record: message(7), live: true })
    await settle()
    expect(await db.count('messages')).toBe(0)
    expect(await db.count('quarantine')).toBe(1)
  })

  it('client:CAT1 keeps at most three files and the HTML part of a message', async () => {
    const { db, intake } = assemble(await freshDatabase())
    const file = (id: string, role?: string) => ({
      id,
      filename: id,
      mimeType: 'text/plain',
      size: 1,
      kind: 'file' as const,
      ...(role && { role }),
    })
    const attachments = [...['a', 'b', 'c', 'd'].map((id) => file(id)), file('h', 'html'), file('i', 'html')]
    const answer = createModelRelay().page(0, undefined, 10)
    await intake.page({ ...answer, messages: [message(1, { attachments })], nextAfter: 1, head: 1 }, undefined)
    const [row] = await db.getAll('messages')
    expect(row?.attachments.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'h'])
  })
})

describe('order and gaps', () => {
  it('client:CDD13 a live message above the next one is stored but moves the cursor only after a poll filled the gap', async () => {
    const relay = createModelRelay()
    const { db, intake, gaps } = assemble(await freshDatabase())
    await poll(intake, relay)
    for (let count = 0; count < 4; count++) relay.append()
    push(intake, relay, 3)
    await settle()
    expect(await allMessages(db)).toEqual(['id3'])
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 0 })
    expect(gaps()).toBe(1)
    await poll(intake, relay)
    expect(await allMessages(db)).toEqual(['id1', 'id2', 'id3', 'id4'])
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 4 })
  })

  it('client:CDD13 the missing one closes the gap by itself', async () => {
    const relay = createModelRelay()
    const { db, intake } = assemble(await freshDatabase())
    await poll(intake, relay)
    for (let count = 0; count < 4; count++) relay.append()
    push(intake, relay, 2)
    push(intake, relay, 3)
    await settle()
    push(intake, relay, 1)
    await settle()
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 3 })
  })

  it('client:CDD5, CDD13 what came ahead of its turn from a list that lost its end does not stand for what gets its position anew', async () => {
    const relay = createModelRelay()
    const { db, intake } = assemble(await freshDatabase())
    await poll(intake, relay)
    for (let count = 0; count < 3; count++) relay.append()
    push(intake, relay, 3)
    push(intake, relay, 2)
    await settle()
    relay.loseTail(2)
    await poll(intake, relay)
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 1 })
    expect(relay.append()).toMatchObject({ id: 'id4', seq: 2 })
    await poll(intake, relay)
    expect(await allMessages(db)).toContain('id4')
  })

  it('client:CDD13 a live message newer than the page under way is asked for once more, not forgotten', async () => {
    const relay = createModelRelay()
    const { db, intake, gaps } = assemble(await freshDatabase())
    await poll(intake, relay)
    relay.append()
    const page = relay.page(0, undefined, 100)
    relay.append()
    push(intake, relay, 2)
    await settle()
    const asked = gaps()
    await intake.page(page, await intake.cursor())
    expect(gaps()).toBe(asked + 1)
    await poll(intake, relay)
    expect([await allMessages(db), (await db.get('cursors', PROFILE))?.seq]).toEqual([['id1', 'id2'], 2])
    expect(await db.count('gaps')).toBe(0)
  })

  it('client:CDD6 messages the relay dropped leave one notice with their number, also over several pages', async () => {
    const relay = createModelRelay()
    relay.append()
    const { db, intake, stored } = assemble(await freshDatabase())
    await poll(intake, relay)
    for (let count = 0; count < 9; count++) relay.append()
    relay.dropOldest(4)
    relay.remove(1)
    await poll(intake, relay, 2)
    expect((await db.getAll('gaps')).map(({ count }) => count)).toEqual([4])
    expect(stored.filter(({ gap }) => gap)).not.toHaveLength(0)
    await poll(intake, relay)
    expect(await db.count('gaps')).toBe(1)
  })

  it('client:CDD6 a fresh client misses nothing it was never promised', async () => {
    const relay = createModelRelay()
    for (let count = 0; count < 5; count++) relay.append()
    relay.dropOldest(3)
    const { db, intake } = assemble(await freshDatabase())
    await poll(intake, relay)
    expect(await db.count('gaps')).toBe(0)
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 5 })
  })

  it('client:CDD5, CDD6 a new epoch starts over at 0, drops what is known by its id, and says that something may be missing', async () => {
    const relay = createModelRelay()
    for (let count = 0; count < 3; count++) relay.append()
    const { db, intake } = assemble(await freshDatabase())
    await poll(intake, relay)
    relay.renewEpoch()
    relay.append()
    await poll(intake, relay)
    expect(await allMessages(db)).toEqual(['id1', 'id2', 'id3', 'id4'])
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 4, epoch: 'e2' })
    expect((await db.getAll('gaps')).map(({ count }) => count)).toEqual(['unknown'])
  })

  it('client:CDD5 a hello with another epoch, or with less than was seen, sets the resume position back', async () => {
    const relay = createModelRelay()
    for (let count = 0; count < 3; count++) relay.append()
    const { intake } = assemble(await freshDatabase())
    expect(await intake.begin(relay)).toEqual({ cursor: 0, epoch: null })
    await poll(intake, relay)
    expect(await intake.begin(relay)).toEqual({ cursor: 3, epoch: 'e1' })
    expect(await intake.begin({ epoch: 'e1', head: 2 })).toEqual({ cursor: 0, epoch: 'e1' })
    expect(await intake.begin({ epoch: 'e9', head: 2 })).toEqual({ cursor: 0, epoch: 'e9' })
  })

  it('client:CDD4 the cursor of the session before says nothing about the one after', async () => {
    const relay = createModelRelay()
    const { db, intake } = assemble(await freshDatabase())
    await poll(intake, relay)
    for (let count = 0; count < 4; count++) relay.append()
    push(intake, relay, 4)
    await settle()
    // client:REC1: another session begins, with a list of its own.
    await db.delete('cursors', PROFILE)
    const other = createModelRelay()
    other.renewEpoch()
    for (let count = 0; count < 3; count++) other.append()
    await poll(intake, other)
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 3, epoch: 'e2' })
  })
})

describe('bounds', () => {
  it('client:ARC5 beyond 500 waiting frames the rest stays on the relay and is asked for when there is room', async () => {
    const relay = createModelRelay()
    const { db, intake, gaps } = assemble(await freshDatabase())
    await poll(intake, relay)
    for (let count = 0; count < QUEUE_FRAMES + 300; count++) relay.append()
    for (const { seq } of relay.stored()) push(intake, relay, seq)
    await settle(200)
    expect(await db.count('messages')).toBeLessThan(QUEUE_FRAMES + 200)
    expect(gaps()).toBeGreaterThan(0)
    await poll(intake, relay)
    expect(await allMessages(db)).toEqual(relay.stored().map(({ id }) => id))
  })

  it('client:CDD13 a replay that did not fit into the queue does not count as complete', async () => {
    const relay = createModelRelay()
    for (let count = 0; count < QUEUE_FRAMES + 100; count++) relay.append()
    const { db, intake } = assemble(await freshDatabase())
    await db.put('cursors', { profileId: PROFILE, seq: 0, epoch: 'e1', timestamp: '' })
    await intake.begin(relay)
    for (const { seq } of relay.stored()) push(intake, relay, seq, false)
    await intake.resumed(relay)
    expect((await db.get('cursors', PROFILE))?.seq).toBeLessThan(QUEUE_FRAMES + 100)
    await poll(intake, relay)
    expect(await db.count('messages')).toBe(QUEUE_FRAMES + 100)
    expect(await db.count('gaps')).toBe(0)
  })
})
