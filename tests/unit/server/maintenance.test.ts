import { describe, expect, it } from 'vitest'
import { startMaintenance } from '../../../server/app/maintenance.ts'
import { silentLog } from '../../../server/log.ts'
import type { MaintenanceStore } from '../../../server/store/port.ts'
import { createFakeClock } from '../../support/fakeClock.ts'

/** A store that expires in three slices and checks in two. */
function fakeStore() {
  const calls: string[] = []
  const store: MaintenanceStore = {
    async expire({ now, keptMs, keptMessages }) {
      calls.push(`expire ${now - keptMs} ${keptMessages}`)
      const nth = calls.filter((call) => call.startsWith('expire')).length
      return { more: nth % 3 !== 0, unackedDropped: nth % 3 === 1 ? [{ userId: 'u1', count: 2 }] : [] }
    },
    async scrub() {
      calls.push('scrub')
      return { damaged: [], done: calls.filter((call) => call === 'scrub').length % 2 === 0 }
    },
    probe: async () => {},
    stats: () => ({ ops: 0, errors: 0, timeouts: 0 }),
    overview: async () => ({ sessions: 0, queuedReplies: 0, bytes: 0 }),
    queued: () => 0,
  }
  return { calls, store }
}

const options = { log: silentLog(), retentionDays: 1, retentionMessages: 7 }

describe('maintenance', () => {
  it('relay:CUR7 relay:STO1 expires and checks in slices, again and again, with the configured retention', async () => {
    const clock = createFakeClock(100 * 24 * 60 * 60_000)
    const { calls, store } = fakeStore()
    const maintenance = startMaintenance({ store, clock, ...options })
    expect(calls).toEqual([])
    await clock.advance(61_000)
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['expire', 'expire', 'expire', 'scrub', 'scrub'])
    expect(calls[0]).toBe(`expire ${99 * 24 * 60 * 60_000 + 60_000} 7`)
    await clock.advance(10 * 60_000)
    expect(calls).toHaveLength(10)
    await maintenance.close()
    expect(clock.waiting()).toBe(0)
  })

  it('relay:CUR10 counts what expired unacknowledged, per session', async () => {
    const clock = createFakeClock()
    const { store } = fakeStore()
    const maintenance = startMaintenance({ store, clock, ...options })
    await clock.advance(61_000)
    await clock.advance(10 * 60_000)
    expect([...maintenance.unackedDropped]).toEqual([['u1', 4]])
    await maintenance.close()
  })

  it('relay:ERR2 a failing store is tried again', async () => {
    const clock = createFakeClock()
    const { calls, store } = fakeStore()
    const expire = store.expire
    store.expire = () => Promise.reject(new Error('disk'))
    const maintenance = startMaintenance({ store, clock, ...options })
    await clock.advance(61_000)
    expect(calls).toEqual([])
    store.expire = expire
    await clock.advance(10 * 60_000)
    expect(calls).toHaveLength(5)
    await maintenance.close()
  })

  it('relay:GEN8 closing between two slices ends the round there and leaves no timer', async () => {
    const clock = createFakeClock()
    const { calls, store } = fakeStore()
    const maintenance = startMaintenance({ store, clock, ...options })
    await clock.advance(60_000)
    expect(calls).toHaveLength(1)
    expect(clock.waiting()).toBe(1)
    await maintenance.close()
    expect(clock.waiting()).toBe(0)
    await clock.advance(60 * 60_000)
    expect(calls).toHaveLength(1)
  })
})
