import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addSession, DAY, expireAll, newMessage, restart, type StoreEngine, T0 } from './engine.ts'

type Step =
  | { do: 'append'; user: 0 | 1; dedup: number | undefined; wait: number }
  | { do: 'ack'; user: 0 | 1; seq: number }
  | { do: 'remove'; user: 0 | 1; seq: number }
  | { do: 'expire'; keptMs: number; keptMessages: number }
  | { do: 'poll'; user: 0 | 1; wait: number }
  | { do: 'restart' }

const user = fc.constantFrom(0 as const, 1 as const)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      user,
      dedup: fc.option(fc.nat(9), { nil: undefined }),
      wait: fc.integer({ min: -5, max: 50 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ack' as const), user, seq: fc.integer({ min: -1, max: 30 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), user, seq: fc.integer({ min: 1, max: 15 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('expire' as const),
      keptMs: fc.constantFrom(50, 300, 365 * DAY),
      keptMessages: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('poll' as const), user, wait: fc.integer({ min: 0, max: 20 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
)

/** A session as a plain array. */
type Plain = {
  head: number
  at: number
  acked: number
  handedOut: number
  stored: { id: string; seq: number; at: number }[]
  /** Of every message there ever was. */
  times: number[]
  expired: boolean
  seen: Map<number, string>
}

export function modelContract(engine: StoreEngine): void {
  describe(`${engine.name}: against a plain array`, () => {
    it('relay:CUR1 relay:CUR3 relay:CUR5 relay:CUR7 relay:CUR8 relay:CUR10 relay:DUR2 random histories agree with the model', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
          const opened = await engine.open()
          try {
            await play(opened, steps)
          } finally {
            await opened.close()
          }
        }),
        { numRuns: engine.durable ? 40 : 150 },
      )
    })
  })
}

async function play(opened: Awaited<ReturnType<StoreEngine['open']>>, steps: Step[]): Promise<void> {
  const users = [await addSession(opened.store), await addSession(opened.store)] as const
  const model: Record<0 | 1, Plain> = { 0: empty(), 1: empty() }
  let now = T0
  /** From then on times may be somewhat later than they must: how far is each engine's own affair. */
  let restarted = false
  for (const next of steps) {
    const { inbox } = opened.store
    switch (next.do) {
      case 'append': {
        now += next.wait
        const plain = model[next.user]
        const message = newMessage(users[next.user], {
          now,
          channelId: `hook${next.user}`,
          ...(next.dedup === undefined ? {} : { dedupKey: `${next.dedup}` }),
        })
        const answer = await inbox.append(message)
        const first = next.dedup === undefined ? undefined : plain.seen.get(next.dedup)
        if (first !== undefined) {
          expect(answer).toEqual({ kind: 'duplicate', messageId: first })
          break
        }
        plain.head++
        const earliest = Math.max(now, plain.at + 1, plain.handedOut + 1)
        plain.at = restarted && answer.kind === 'stored' ? Date.parse(answer.message.timestamp) : earliest
        expect(plain.at).toBeGreaterThanOrEqual(earliest)
        expect(plain.at - earliest).toBeLessThan(5_000)
        plain.stored.push({ id: message.id, seq: plain.head, at: plain.at })
        plain.times.push(plain.at)
        if (next.dedup !== undefined) plain.seen.set(next.dedup, message.id)
        expect(answer).toMatchObject({ kind: 'stored', message: { seq: plain.head, timestamp: new Date(plain.at).toISOString() } })
        break
      }
      case 'ack': {
        const plain = model[next.user]
        await inbox.ack(users[next.user], next.seq)
        if (next.seq <= plain.head) plain.acked = Math.max(plain.acked, next.seq)
        break
      }
      case 'remove': {
        const plain = model[next.user]
        const found = plain.stored.find(({ seq }) => seq === next.seq)
        expect(await inbox.remove(users[next.user], found?.id ?? 'none')).toBe(found !== undefined)
        plain.stored = plain.stored.filter((message) => message !== found)
        break
      }
      case 'expire': {
        const dropped = await expireAll(opened.store, { now, keptMs: next.keptMs, keptMessages: next.keptMessages })
        for (const which of [0, 1] as const) {
          const plain = model[which]
          const kept = plain.stored.filter(
            ({ at }, index) => at >= now - next.keptMs && index >= plain.stored.length - next.keptMessages,
          )
          const unacked = plain.stored.filter((message) => !kept.includes(message) && message.seq > plain.acked).length
          expect(dropped.get(users[which]) ?? 0).toBe(unacked)
          plain.expired ||= kept.length < plain.stored.length
          plain.stored = kept
        }
        break
      }
      case 'poll': {
        now += next.wait
        model[next.user].handedOut = Math.max(model[next.user].handedOut, now)
        await inbox.handOut(users[next.user], now)
        break
      }
      case 'restart':
        await restart(opened)
        restarted = opened.restart !== undefined
    }
    for (const which of [0, 1] as const) await compare(opened, users[which], model[which], now)
  }
}

const empty = (): Plain => ({ head: 0, at: 0, acked: 0, handedOut: 0, stored: [], times: [], expired: false, seen: new Map() })

async function compare(
  { store }: Awaited<ReturnType<StoreEngine['open']>>,
  userId: string,
  plain: Plain,
  now: number,
): Promise<void> {
  const { epoch: _, ...state } = await store.inbox.state(userId)
  expect(state).toEqual({
    head: plain.head,
    oldest: plain.stored[0]?.seq ?? plain.head + 1,
    lastTimestamp: plain.at,
    acked: plain.acked,
  })
  const ids = (found: { id: string }[]) => found.map(({ id }) => id)
  const middle = Math.floor(plain.head / 2)
  for (const cursor of [0, middle, plain.head, plain.head + 1]) {
    const above = plain.stored.filter(({ seq }) => seq > cursor)
    expect(ids(await store.inbox.readAfter(userId, cursor, 7))).toEqual(ids(above.slice(0, 7)))
    expect(await store.inbox.droppedAbove(userId, cursor)).toBe(Math.max(0, plain.head - cursor - above.length))
  }
  for (const since of [0, now - 40, now, plain.times[middle] ?? 0, plain.at - 1]) {
    const newer = plain.stored.filter(({ at }) => at > since)
    expect(ids(await store.inbox.readSince(userId, since, 100))).toEqual(ids(newer))
    const missing = plain.times.filter((at) => at > since).length - newer.length
    const dropped = await store.inbox.droppedSince(userId, since)
    // Of what expired the times are not kept: then more may be counted, but never fewer, and never any where nothing is missing.
    if (missing === 0 || !plain.expired) expect(dropped).toBe(missing)
    else expect(dropped).toBeGreaterThanOrEqual(missing)
  }
}
