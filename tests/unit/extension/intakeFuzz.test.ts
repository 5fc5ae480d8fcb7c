import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { freshDatabase } from './support/database.ts'
import { assemble, failOnce, PROFILE, poll, push } from './support/intake.ts'
import { createModelRelay } from './support/modelRelay.ts'
import { settle } from './support/timers.ts'

afterEach(() => vi.restoreAllMocks())

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
