import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describe as show } from '../../../lib/relay/describe.ts'
import {
  type Effect,
  initialState,
  next,
  type Phase,
  type SocketEvent,
  type SocketState,
} from '../../../lib/relay/socketMachine.ts'

const NOW = 1_000_000
const tools = (random = 1) => ({ now: NOW, random: () => random })

function run(state: SocketState, event: SocketEvent, random = 1) {
  return next(state, event, tools(random))
}

/** Feeds events one after the other; `run` of an event is the state's own. */
function walk(events: (SocketEvent | ((state: SocketState) => SocketEvent))[], from = initialState) {
  let state = from
  let effects: Effect[] = []
  for (const event of events) {
    const step = run(state, typeof event === 'function' ? event(state) : event)
    state = step.state
    effects = step.effects
  }
  return { state, effects }
}

const prepared = ({ run }: SocketState): SocketEvent => ({ type: 'prepared', run })
const caughtUp = ({ run }: SocketState): SocketEvent => ({ type: 'caughtUp', run })
const ticket = ({ run }: SocketState): SocketEvent => ({ type: 'ticket', run, ticket: 't' })
const opened = ({ run }: SocketState): SocketEvent => ({ type: 'opened', run, protocol: 'chaos.v2' })
const greeted = ({ run }: SocketState): SocketEvent => ({ type: 'greeted', run })
const resumed = ({ run }: SocketState): SocketEvent => ({ type: 'resumed', run })
const closed =
  (code: number) =>
  ({ run }: SocketState): SocketEvent => ({ type: 'closed', run, code })
const failed =
  (code: string, retryAfterMs?: number) =>
  ({ run }: SocketState): SocketEvent => ({
    type: 'failed',
    run,
    trouble: { code, reason: code, ...(retryAfterMs !== undefined && { retryAfterMs }) },
  })
const timer = (name: 'retry' | 'hello' | 'ping' | 'pong' | 'stable' | 'poll'): SocketEvent => ({ type: 'timer', name })

const toOpening = [{ type: 'start' } as const, prepared, caughtUp, ticket]
const toConnected = [...toOpening, opened, greeted, resumed]
const connected = () => walk(toConnected).state
const names = (effects: Effect[]) => effects.map((effect) => ('name' in effect ? `${effect.do} ${effect.name}` : effect.do))
const retryIn = (phase: Phase) => (phase.name === 'waiting' ? phase.retryAt - NOW : undefined)

describe('the way up', () => {
  it.each([
    ['start', [{ type: 'start' } as const], 'preparing', ['cancelAll', 'closeSocket', 'prepare'], 'connecting'],
    ['prepared', toOpening.slice(0, 2), 'fetching', ['fetch'], 'connecting'],
    ['caughtUp', toOpening.slice(0, 3), 'ticketing', ['requestTicket'], 'connecting'],
    ['ticket', toOpening, 'opening', ['openSocket', 'timer hello'], 'connecting'],
    ['opened', toConnected.slice(0, 5), 'opening', ['timer hello'], 'connecting'],
    ['greeted', toConnected.slice(0, 6), 'resuming', ['cancel hello', 'resume', 'timer ping'], 'catching_up'],
    ['resumed', toConnected, 'connected', ['timer stable', 'timer poll', 'settle'], 'connected'],
  ])('client:SOC1, SOC2, SOC3 after %s', (_name, events, phase, effects, shown) => {
    const step = walk(events)
    expect(step.state.phase.name).toBe(phase)
    expect(names(step.effects)).toEqual(effects)
    expect(show(step.state).state).toBe(shown)
  })

  it('client:SOC2 resume goes out only after hello was verified', () => {
    expect(names(walk(toConnected.slice(0, 5)).effects)).not.toContain('resume')
  })

  it('client:SOC1 another selected protocol is a failure, and the ticket is not used again', () => {
    const step = walk([...toOpening, ({ run }) => ({ type: 'opened', run, protocol: '' })])
    expect(step.state.phase.name).toBe('waiting')
    expect(names(step.effects)).not.toContain('openSocket')
    expect(names(walk([timer('retry'), prepared, caughtUp], step.state).effects)).toEqual(['requestTicket'])
  })

  it('client:SOC2 no hello within 10 s closes and tries again', () => {
    const step = walk([...toOpening, opened])
    expect(step.effects).toEqual([{ do: 'timer', name: 'hello', ms: 10_000 }])
    const late = run(step.state, timer('hello'))
    expect(late.state.phase.name).toBe('waiting')
    expect(names(late.effects)).toContain('closeSocket')
  })

  it('client:SOC3 waiting pages show as catching up, with what is still to come', () => {
    const { state } = walk([{ type: 'start' }, prepared, ({ run }) => ({ type: 'pageStored', run, behind: 4_500 })])
    expect(show(state)).toEqual({ state: 'catching_up', behind: 4_500 })
  })
})

describe('staying up', () => {
  it('client:SOC4 pings every 20 s and expects a frame within 10 s', () => {
    const step = run(connected(), timer('ping'))
    expect(step.effects).toEqual([
      { do: 'ping' },
      { do: 'timer', name: 'pong', ms: 10_000 },
      { do: 'timer', name: 'ping', ms: 20_000 },
    ])
    expect(names(run(step.state, { type: 'frame', run: step.state.run }).effects)).toEqual(['cancel pong'])
  })

  it('client:SOC4 silence closes and reconnects', () => {
    const step = run(connected(), timer('pong'))
    expect(step.state.phase.name).toBe('waiting')
    expect(names(step.effects)).toContain('closeSocket')
  })

  it('client:SOC10 polls every 120 s while connected, every 60 s otherwise', () => {
    expect(run(connected(), timer('poll')).effects).toEqual([{ do: 'poll' }, { do: 'timer', name: 'poll', ms: 120_000 }])
    const waiting = run(connected(), closed(1006)(connected()))
    expect(waiting.effects).toContainEqual({ do: 'timer', name: 'poll', ms: 60_000 })
    expect(run(waiting.state, timer('poll')).effects).toEqual([{ do: 'poll' }, { do: 'timer', name: 'poll', ms: 60_000 }])
  })
})

describe('coming back', () => {
  it('client:SOC5 waits 1 s doubling to 60 s, each 50-100 %, and starts over only after 60 s connected', () => {
    let state = walk([{ type: 'start' }]).state
    const waits: number[] = []
    for (let attempt = 0; attempt < 9; attempt++) {
      state = run(state, failed('network')(state)).state
      waits.push(retryIn(state.phase) ?? Number.NaN)
      state = run(state, timer('retry')).state
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1000))
    const low = run(state, failed('network')(state), 0).state
    expect(retryIn(low.phase)).toBe(30_000)

    const up = walk([prepared, caughtUp, ticket, opened, greeted, resumed], state).state
    expect(retryIn(run(up, closed(1006)(up)).state.phase)).toBe(60_000)
    const stable = run(up, timer('stable')).state
    expect(retryIn(run(stable, closed(1006)(stable)).state.phase)).toBe(1_000)
  })

  it('client:SOC6 too many places: waits 5-10 minutes, says why, and the button overrides', () => {
    for (const [random, minutes] of [
      [0, 5],
      [1, 10],
    ] as const) {
      const step = run(connected(), closed(4001)(connected()), random)
      expect(retryIn(step.state.phase)).toBe(minutes * 60_000)
      expect(show(step.state).reason).toBe('This profile is open in too many places')
      expect(names(run(step.state, { type: 'reconnect' }).effects)).toContain('prepare')
    }
  })

  it('client:SOC6 the button makes no second attempt beside one that is under way', () => {
    for (const events of [toOpening.slice(0, 1), toOpening.slice(0, 2), toOpening, toConnected.slice(0, 6)])
      expect(run(walk(events).state, { type: 'reconnect' }).effects).toEqual([])
    expect(names(run(connected(), { type: 'reconnect' }).effects)).toContain('prepare')
  })

  it('client:SOC7 a restarting relay is tried again after 1-5 s', () => {
    expect(retryIn(run(connected(), closed(1012)(connected()), 0).state.phase)).toBe(1_000)
    expect(retryIn(run(connected(), closed(1012)(connected()), 1).state.phase)).toBe(5_000)
  })

  it('client:SOC7, CRG3 close 1008 registers anew at once', () => {
    expect(run(connected(), closed(1008)(connected())).effects).toContainEqual({ do: 'prepare', reissue: true })
  })

  it('client:CRG4 a failed re-issue stays one until it works, not before the relay may be asked again', () => {
    let state = run(connected(), closed(1008)(connected())).state
    state = run(state, failed('reissue_later', 45_000)(state)).state
    expect(retryIn(state.phase)).toBe(45_000)
    const again = run(state, timer('retry'))
    expect(again.effects).toContainEqual({ do: 'prepare', reissue: true })
    state = run(again.state, failed('network')(again.state)).state
    expect(run(state, timer('retry')).effects).toContainEqual({ do: 'prepare', reissue: true })
  })

  it('client:HTE3 a wait the relay asks for is kept', () => {
    const state = walk([{ type: 'start' }, prepared]).state
    expect(retryIn(run(state, failed('rate_limited', 30_000)(state)).state.phase)).toBe(30_000)
  })

  it('client:SOC8 offline pauses, online tries at once, once', () => {
    const waiting = run(connected(), closed(1006)(connected())).state
    const off = run(waiting, { type: 'offline' })
    expect(off.state.phase.name).toBe('offline')
    expect(names(off.effects)).toEqual(['cancelAll', 'closeSocket'])
    const on = run(off.state, { type: 'online' })
    expect(names(on.effects)).toContain('prepare')
    expect(run(on.state, { type: 'online' }).effects).toEqual([])
  })

  it('client:SOC8 what fails while offline waits for the network, not for a timer', () => {
    const off = run(connected(), { type: 'offline' }).state
    expect(off.phase.name).toBe('connected')
    expect(run(off, closed(1006)(off)).state.phase.name).toBe('offline')
  })

  it('client:SOC8 after a sleep a wait ends at once, and an open socket is tried with a ping', () => {
    const waiting = run(connected(), closed(1006)(connected())).state
    expect(names(run(waiting, { type: 'woke' }).effects)).toContain('prepare')
    expect(names(run(connected(), { type: 'woke' }).effects)).toEqual(['ping', 'timer pong'])
  })

  it('client:SOC13 three sockets that never open although their tickets were given mean polling, and it goes on trying', () => {
    let state = walk([{ type: 'start' }]).state
    for (let attempt = 0; attempt < 3; attempt++) {
      state = walk([prepared, caughtUp, ticket], state).state
      state = run(state, closed(1006)(state)).state
      if (attempt < 2) {
        expect(show(state).polling).toBeUndefined()
        state = run(state, timer('retry')).state
      }
    }
    expect(show(state)).toMatchObject({ polling: true, reason: 'WebSocket blocked - polling every 60 s' })
    expect(run(state, timer('poll')).effects).toContainEqual({ do: 'poll' })
    state = run(state, timer('retry')).state
    expect(show(walk([prepared, caughtUp, ticket, opened, greeted, resumed], state).state)).toEqual({ state: 'connected' })
  })
})

describe('what waits for the user', () => {
  it.each([
    ['blocked', 'blocked', 'client:PIN4'],
    ['identity_lost', 'identity_lost', 'client:IDN3'],
    ['bad_signature', 'auth_error', 'client:CSG4'],
    ['signature_required', 'auth_error', 'client:CSG4'],
    ['relay_address', 'stopped', 'client:URL4'],
  ])('client:SOC3 %s ends in %s without a retry (%s)', (code, shown) => {
    const state = walk([{ type: 'start' }]).state
    const step = run(state, failed(code)(state))
    expect(show(step.state).state).toBe(shown)
    expect(names(step.effects)).toEqual(['cancelAll', 'closeSocket'])
    for (const event of [timer('retry'), timer('poll'), { type: 'online' }, { type: 'woke' }] as const)
      expect(names(run(step.state, event).effects)).not.toContain('prepare')
    expect(names(run(step.state, { type: 'reconnect' }).effects)).toContain('prepare')
  })

  it('client:SOC9 stop ends everything, polls included, and only start begins again', () => {
    const step = run(connected(), { type: 'stop' })
    expect(names(step.effects)).toEqual(['cancelAll', 'closeSocket'])
    for (const event of [{ type: 'online' }, { type: 'woke' }] as const) expect(run(step.state, event).effects).toEqual([])
    expect(names(run(step.state, { type: 'start' }).effects)).toContain('prepare')
  })
})

describe('any order of events', () => {
  const anyEvent = fc.oneof(
    fc
      .constantFrom<SocketEvent['type']>('start', 'stop', 'reconnect', 'online', 'offline', 'woke')
      .map((type) => ({ type }) as SocketEvent),
    fc.constantFrom('retry', 'hello', 'ping', 'pong', 'stable', 'poll').map((name) => ({ type: 'timer', name }) as SocketEvent),
    fc.record({ stale: fc.boolean(), type: fc.constantFrom('prepared', 'caughtUp', 'greeted', 'resumed', 'frame') }),
    fc.record({ stale: fc.boolean(), type: fc.constant('closed'), code: fc.constantFrom(1000, 1006, 1008, 1012, 4001, 4002) }),
    fc.record({ stale: fc.boolean(), type: fc.constant('ticket'), ticket: fc.constant('t') }),
    fc.record({
      stale: fc.boolean(),
      type: fc.constant('failed'),
      trouble: fc.constantFrom('network', 'blocked', 'reissue_later').map((code) => ({ code, reason: code })),
    }),
  )

  it('client:SOC3 timers run only where something waits for them, a stale report changes nothing, a rest holds no socket', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let state = initialState
        const timers = new Set<string>()
        let open = false
        for (const given of events) {
          const stale = 'stale' in given && given.stale
          const event = ('stale' in given ? { ...given, run: stale ? state.run - 1 : state.run } : given) as SocketEvent
          if (event.type === 'timer' && !timers.delete(event.name)) continue
          const step = run(state, event, 0.5)
          if (stale) expect(step).toEqual({ state, effects: [] })
          for (const effect of step.effects) {
            if (effect.do === 'timer') timers.add(effect.name)
            if (effect.do === 'cancel') timers.delete(effect.name)
            if (effect.do === 'cancelAll') timers.clear()
            if (effect.do === 'openSocket') open = true
            if (effect.do === 'closeSocket') open = false
          }
          state = step.state
          const { name } = state.phase
          if (['stopped', 'blocked', 'auth_error', 'identity_lost', 'offline'].includes(name)) expect([...timers]).toEqual([])
          if (['stopped', 'blocked', 'auth_error', 'identity_lost', 'offline', 'waiting'].includes(name)) expect(open).toBe(false)
          if (name === 'waiting') expect(timers.has('retry')).toBe(true)
        }
      }),
      { numRuns: 400 },
    )
  })
})
