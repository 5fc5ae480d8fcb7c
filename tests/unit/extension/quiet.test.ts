import { beforeEach, describe, expect, it } from 'vitest'
import { createHeldNotices } from '../../../lib/app/heldNotices.ts'
import { changeSettings } from '../../../lib/app/settings.ts'
import type { Database } from '../../../lib/database/open.ts'
import { type Quiet, quietUntil, readQuiet } from '../../../lib/inbox/quiet.ts'
import { freshDatabase } from './support/database.ts'
import { createFakeTimers, type FakeTimers } from './support/timers.ts'

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
const night: Quiet = { on: true, from: 22 * 60, to: 7 * 60 + 30, days: EVERY_DAY, until: 0 }
/** By the clock on the wall of wherever this runs: 1 March 2026 is a Sunday. */
const at = (day: number, hours: number, minutes = 0): number => new Date(2026, 2, day, hours, minutes).getTime()
const end = (quiet: Partial<Quiet>, now: number) => quietUntil({ ...night, ...quiet }, now)

describe('quiet hours', () => {
  it.each<[string, Partial<Quiet>, number, number | undefined]>([
    ['before they begin', {}, at(2, 21, 59), undefined],
    ['from their first minute', {}, at(2, 22), at(3, 7, 30)],
    ['past midnight', {}, at(3, 3), at(3, 7, 30)],
    ['not at their end', {}, at(3, 7, 30), undefined],
    ['switched off', { on: false }, at(3, 3), undefined],
    ['within one day', { from: 12 * 60, to: 13 * 60 }, at(3, 12, 30), at(3, 13)],
    ['on a day that was not chosen', { days: [1] }, at(3, 23), undefined],
    ['in the morning after a chosen day', { days: [1] }, at(3, 3), at(3, 7, 30)],
    ['in the morning of a chosen day, after one that was not', { days: [2] }, at(3, 3), undefined],
    ['as long as a day, up to its end', { from: 480, to: 480, days: [1] }, at(2, 9), at(3, 8)],
    ['without a day', { days: [] }, at(3, 3), undefined],
  ])('client:DND1 %s', (_when, quiet, now, expected) => {
    expect(end(quiet, now)).toBe(expected)
  })

  it.each<[string, Partial<Quiet>, number, number | undefined]>([
    ['until a time', { on: false, until: at(2, 15) }, at(2, 14), at(2, 15)],
    ['no longer', { on: false, until: at(2, 15) }, at(2, 15), undefined],
    ['over into quiet hours', { until: at(2, 23) }, at(2, 21), at(3, 7, 30)],
    ['beyond quiet hours', { until: at(3, 9) }, at(3, 3), at(3, 9)],
  ])('client:DND1 chosen for once %s', (_how, quiet, now, expected) => {
    expect(end(quiet, now)).toBe(expected)
  })

  it('client:DND1 hours that never end are told as far as a week', () => {
    const always = end({ from: 0, to: 0 }, at(2, 12))
    expect(always).toBeGreaterThan(at(8, 0))
    expect(always).toBeLessThan(at(12, 0))
  })

  it('client:DND1 follow the clock on the wall when it is changed', () => {
    const zone = process.env.TZ
    process.env.TZ = 'Europe/Berlin'
    // 29 March 2026: at two it is three.
    expect(end({}, new Date(2026, 2, 28, 23).getTime())).toBe(Date.parse('2026-03-29T05:30:00Z'))
    expect(end({}, Date.parse('2026-03-29T05:29:00Z'))).toBe(Date.parse('2026-03-29T05:30:00Z'))
    expect(end({}, Date.parse('2026-03-29T05:30:00Z'))).toBeUndefined()
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })

  it('client:DND1 a setting that cannot be read disturbs as before', () => {
    for (const value of [undefined, 'always', { on: true }, { ...night, days: 'all' }])
      expect(quietUntil(readQuiet(value), at(3, 3))).toBeUndefined()
    expect(readQuiet(night)).toEqual(night)
  })
})

describe('what is held back', () => {
  let db: Database
  let timers: FakeTimers
  let told: { profileId: string; messages: { id: string }[]; bulk: boolean; quiet?: boolean | undefined }[]
  const worker = {
    async arrived(input: (typeof told)[number]): Promise<void> {
      told.push(input)
    },
  }
  const message = (id: string) => ({ id, conversationId: 'c' })
  const quietFor = (ms: number) =>
    changeSettings(db, 'default', { quiet: { ...night, on: false, until: timers.now() + ms } satisfies Quiet })
  const shown = () =>
    told.filter(({ quiet }) => !quiet).map(({ messages, ...rest }) => ({ ...rest, ids: messages.map(({ id }) => id) }))

  beforeEach(async () => {
    db = await freshDatabase()
    timers = createFakeTimers()
    told = []
  })

  it('client:DND2 is counted at once, and told as one at the end, each profile for itself', async () => {
    const held = createHeldNotices({ db, worker, timers })
    await held.arrived({ profileId: 'default', messages: [message('m0')], bulk: false })
    expect(shown()).toEqual([{ profileId: 'default', bulk: false, ids: ['m0'] }])
    await quietFor(10 * 60_000)
    await held.arrived({ profileId: 'default', messages: [message('m1')], bulk: false })
    await held.arrived({ profileId: 'work', messages: [message('w1')], bulk: false })
    await held.arrived({ profileId: 'default', messages: [message('m2')], bulk: true })
    expect(told.map(({ quiet }) => quiet)).toEqual([undefined, true, true, true])
    await timers.advance(9 * 60_000)
    expect(shown()).toHaveLength(1)
    await timers.advance(2 * 60_000)
    expect(shown().slice(1)).toEqual([
      { profileId: 'default', bulk: true, ids: ['m1', 'm2'] },
      { profileId: 'work', bulk: true, ids: ['w1'] },
    ])
    await timers.advance(60 * 60_000)
    expect(shown()).toHaveLength(3)
    expect(timers.waiting()).toEqual([])
  })

  it('client:DND2 outlives whoever held it, and is told as soon as the user wants to be disturbed again', async () => {
    await quietFor(10 * 60_000)
    const before = createHeldNotices({ db, worker, timers })
    await before.arrived({ profileId: 'default', messages: [message('m1')], bulk: false })
    before.close()
    const after = createHeldNotices({ db, worker, timers })
    await after.look()
    expect(shown()).toEqual([])
    await quietFor(0)
    await after.look()
    expect(shown()).toEqual([{ profileId: 'default', bulk: true, ids: ['m1'] }])
    expect((await db.getAllKeys('settings')).filter((key) => key.startsWith('held:'))).toEqual([])
  })

  it('client:DND2 is told later when the worker cannot be told, in order, and each profile for itself', async () => {
    await quietFor(60_000)
    let fails = 0
    const failing = {
      async arrived(input: (typeof told)[number]): Promise<void> {
        if (!input.quiet && input.profileId === 'default' && fails-- > 0) throw new Error('The worker is gone.')
        told.push(input)
      },
    }
    const held = createHeldNotices({ db, worker: failing, timers })
    await held.arrived({ profileId: 'default', messages: [message('m1')], bulk: false })
    await held.arrived({ profileId: 'work', messages: [message('w1')], bulk: false })
    fails = 2
    await timers.advance(2 * 60_000)
    expect(shown()).toEqual([{ profileId: 'work', bulk: true, ids: ['w1'] }])
    await quietFor(30_000)
    await held.arrived({ profileId: 'default', messages: [message('m2')], bulk: false })
    await timers.advance(3 * 60_000)
    expect(shown().slice(1)).toEqual([{ profileId: 'default', bulk: true, ids: ['m1', 'm2'] }])
    expect(timers.waiting()).toEqual([])
  })

  it('client:DND2 what is held anew while the worker cannot be told comes after what it was not told', async () => {
    await quietFor(60_000)
    const failing = {
      async arrived(input: (typeof told)[number]): Promise<void> {
        if (!input.quiet && shown().length === 0 && told.length === 1) {
          await quietFor(60_000)
          await held.arrived({ profileId: 'default', messages: [message('m2')], bulk: false })
          throw new Error('The worker is gone.')
        }
        told.push(input)
      },
    }
    const held = createHeldNotices({ db, worker: failing, timers })
    await held.arrived({ profileId: 'default', messages: [message('m1')], bulk: false })
    await timers.advance(4 * 60_000)
    expect(shown()).toEqual([{ profileId: 'default', bulk: true, ids: ['m1', 'm2'] }])
  })

  it('client:DND2 names no more than a summary needs, and nothing that cannot be read stops it', async () => {
    await quietFor(60_000)
    const held = createHeldNotices({ db, worker, timers })
    for (let n = 0; n < 60; n++) await held.arrived({ profileId: 'default', messages: [message(`m${n}`)], bulk: false })
    await db.put('settings', { key: 'held:broken', value: 'nonsense' })
    await timers.advance(2 * 60_000)
    expect(shown().map(({ profileId, ids }) => [profileId, ids.length])).toEqual([
      ['broken', 0],
      ['default', 50],
    ])
  })
})
