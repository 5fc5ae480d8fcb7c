import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import { createIntake, type Intake, QUEUE_FRAMES, type Stored } from '../../../lib/inbox/intake.ts'
import { freshDatabase } from './support/database.ts'
import { createModelRelay, type ModelRelay, message } from './support/modelRelay.ts'
import { settle } from './support/timers.ts'

const PROFILE = 'default'

function assemble(db: Database) {
  const stored: Stored[] = []
  const troubles: unknown[] = []
  let gaps = 0
  const intake = createIntake({
    db,
    profileId: PROFILE,
    now: () => 1,
    onStored: (one) => stored.push(one),
    onGap: () => {
      gaps++
    },
    onTrouble: (error) => troubles.push(error),
  })
  return { db, intake, stored, troubles, gaps: () => gaps }
}

async function poll(intake: Intake, relay: ModelRelay, limit = 100): Promise<void> {
  for (;;) {
    const cursor = await intake.cursor()
    const page = await intake.page(relay.page(cursor?.seq ?? 0, cursor?.epoch, limit), cursor)
    if (page.next === 'done') return
  }
}

const push = (intake: Intake, relay: ModelRelay, seq: number, live = true) =>
  intake.push({ epoch: relay.epoch, seq, record: relay.stored().find((one) => one.seq === seq), live })

const allMessages = async (db: Database) => (await db.getAllFromIndex('messages', 'time')).map(({ id }) => id)

/** Makes one write of the next batch fail, as a full disk does. */
function failOnce(store: string, error = new DOMException('full', 'QuotaExceededError')): void {
  vi.restoreAllMocks()
  const { put } = IDBObjectStore.prototype
  const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value: unknown) {
    if (this.name !== store) return put.call(this, value)
    spy.mockRestore()
    this.transaction.abort()
    throw error
  })
}

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

describe('whatever happens', () => {
  type Move =
    | { do: 'append'; count: number }
    | { do: 'live'; drop: boolean; twice: boolean; swap: boolean }
    | { do: 'poll'; limit: number }
    | { do: 'resume' }
    | { do: 'crash' }
    | { do: 'fail'; store: 'messages' | 'cursors' }
    | { do: 'drop'; count: number }
    | { do: 'remove'; index: number }
    | { do: 'epoch' }
    | { do: 'loseTail'; count: number }

  const moves = fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 8 }) }) },
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant('live' as const), drop: fc.boolean(), twice: fc.boolean(), swap: fc.boolean() }),
      },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('poll' as const), limit: fc.integer({ min: 1, max: 5 }) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('resume' as const) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant('fail' as const), store: fc.constantFrom('messages' as const, 'cursors' as const) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), count: fc.integer({ min: 1, max: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), index: fc.nat(20) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('epoch' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('loseTail' as const), count: fc.integer({ min: 1, max: 3 }) }) },
    ),
    { maxLength: 25 },
  )

  async function play(script: Move[]): Promise<void> {
    vi.restoreAllMocks()
    const relay = createModelRelay()
    let world = assemble(await freshDatabase())
    await poll(world.intake, relay)
    const told = new Map<string, number>()
    let pushed = 0
    let disturbed = false
    let crashed = false
    const tellAll = () => {
      for (const { fresh } of world.stored.splice(0)) for (const { id } of fresh) told.set(id, (told.get(id) ?? 0) + 1)
    }
    for (const move of script) {
      switch (move.do) {
        case 'append':
          for (let count = 0; count < move.count; count++) relay.append()
          break
        case 'live': {
          // Frames of one connection: some never come (the queue was full), some come twice, some in the wrong order.
          const waiting = relay.after(pushed).map(({ seq }) => seq)
          const frames = move.swap ? waiting.toReversed() : waiting
          for (const seq of frames.slice(move.drop ? 1 : 0))
            for (let times = move.twice ? 2 : 1; times > 0; times--) push(world.intake, relay, seq)
          pushed = relay.head
          await settle(6)
          break
        }
        case 'poll':
          await poll(world.intake, relay, move.limit).catch(() => undefined)
          break
        case 'resume': {
          // A reset that cannot be written ends this connection; the next one tries again.
          const from = await world.intake.begin(relay).catch(() => undefined)
          if (!from) break
          for (const { seq } of relay.after(from.cursor)) push(world.intake, relay, seq, false)
          await Promise.race([world.intake.resumed(relay), settle(30)])
          pushed = relay.head
          break
        }
        case 'crash':
          // The browser dies with whatever is under way: only what was committed is there afterwards.
          crashed = true
          tellAll()
          await world.intake.close()
          tellAll()
          world = assemble(world.db)
          break
        case 'fail':
          failOnce(move.store)
          break
        case 'drop':
          relay.dropOldest(move.count)
          break
        case 'remove':
          relay.remove(move.index)
          break
        case 'epoch':
          relay.renewEpoch()
          disturbed = true
          break
        case 'loseTail':
          // What comes then carries positions seen before, only ids tell them apart. It can be noticed until the list has grown back.
          relay.loseTail(move.count)
          pushed = Math.min(pushed, relay.head)
          disturbed = true
          await poll(world.intake, relay).catch(() => poll(world.intake, relay))
          break
      }
    }
    vi.restoreAllMocks()
    await settle(6)
    await poll(world.intake, relay, 4)
    // A second one learns that what was behind the last message is gone.
    await poll(world.intake, relay, 4)
    tellAll()

    const rows = await world.db.getAllFromIndex('messages', 'time')
    const here = new Set(rows.map(({ id }) => id))
    expect(relay.stored().filter(({ id }) => !here.has(id))).toEqual([])
    expect([...told.values()].every((times) => times === 1)).toBe(true)
    expect(told.size).toBe(rows.length)
    const order = rows.filter(({ id }) => relay.stored().some((one) => one.id === id)).map(({ id }) => id)
    expect(order).toEqual(relay.stored().map(({ id }) => id))
    expect(await world.db.get('cursors', PROFILE)).toMatchObject({ seq: relay.head, epoch: relay.epoch })
    const unread = (await world.db.getAll('conversations')).reduce((sum, one) => sum + one.unread, 0)
    expect(unread).toBe(rows.length)
    if (!disturbed) {
      // Every message ever made is either here or counted in a notice. A crash forgets which ones came ahead of their turn: should the relay
      // drop such a one before the gap is filled, the notice counts it as well.
      const lost = (await world.db.getAll('gaps')).reduce((sum, { count }) => sum + (count === 'unknown' ? 0 : count), 0)
      expect(rows.length + lost).toBeGreaterThanOrEqual(relay.made)
      if (!crashed) expect(rows.length + lost).toBe(relay.made)
    }
  }

  it('client:CDD3, CDD4, CDD12 random order, duplicates, gaps, failures and crashes: the set and the order become the relay’s, each told once', async () => {
    await fc.assert(fc.asyncProperty(moves, play), { numRuns: 120, endOnFailure: false })
  }, 120_000)
})
