import { CLOSE, SOCKET_PROTOCOL } from '#protocol/limits.ts'
import type { Random } from '../platform/random.ts'

/**
 * The life of one profile's connection as a pure function: `next(state, event)` gives the new state and what to do. client §7.
 *
 *   stopped ─start─▶ preparing ▶ fetching ▶ ticketing ▶ opening ▶ resuming ▶ connected
 *                        ▲           any failure or close │
 *                        └──────── waiting / offline ◀────┘        blocked, auth_error, identity_lost wait for the user
 */
export type SocketState = Memory & { phase: Phase }

type Memory = {
  /** Grows with every attempt; what an older attempt reports is ignored. */
  run: number
  /** Failures in a row, for the backoff. Reset after 60 s connected. client:SOC5 */
  failures: number
  /** Sockets in a row that failed before hello although their ticket was given. client:SOC13 */
  unopened: number
  /** The browser says there is no network. client:SOC8 */
  offline: boolean
  connectedBefore: boolean
}

export type Phase =
  /** By the user, or because there is nothing to connect to. client:SOC9, URL4 */
  | { name: 'stopped'; reason?: string }
  /** Session being made or made anew. */
  | { name: 'preparing'; reissue: boolean }
  /** Pages of waiting messages being stored; `behind` is known after the first. */
  | { name: 'fetching'; behind?: number }
  | { name: 'ticketing' }
  | { name: 'opening' }
  | { name: 'resuming' }
  | { name: 'connected'; since: number }
  | { name: 'waiting'; retryAt: number; reason: string; reissue: boolean }
  | { name: 'offline'; reissue: boolean }
  | { name: 'blocked'; reason: string }
  | { name: 'auth_error'; reason: string }
  | { name: 'identity_lost'; reason: string }

export type TimerName = 'retry' | 'hello' | 'ping' | 'pong' | 'stable' | 'poll'

/** What went wrong, by the Failure's code. `retryAfterMs` is the earliest next attempt. */
export type Trouble = { code: string; reason: string; retryAfterMs?: number }

export type SocketEvent =
  | { type: 'start' }
  | { type: 'stop' }
  /** The user's button: overrides every wait. client:SOC6 */
  | { type: 'reconnect' }
  | { type: 'online' }
  | { type: 'offline' }
  /** The timers stood still: the computer slept. client:SOC8 */
  | { type: 'woke' }
  | { type: 'timer'; name: TimerName }
  | { type: 'prepared'; run: number }
  | { type: 'pageStored'; run: number; behind: number }
  | { type: 'caughtUp'; run: number }
  | { type: 'ticket'; run: number; ticket: string }
  | { type: 'opened'; run: number; protocol: string }
  /** hello came and its signature is the relay's. client:SOC2 */
  | { type: 'greeted'; run: number }
  | { type: 'resumed'; run: number }
  /** Any frame at all: the other end is alive. */
  | { type: 'frame'; run: number }
  | { type: 'closed'; run: number; code: number }
  | { type: 'failed'; run: number; trouble: Trouble }

export type Effect =
  | { do: 'prepare'; reissue: boolean }
  | { do: 'fetch' }
  | { do: 'requestTicket' }
  | { do: 'openSocket'; ticket: string }
  | { do: 'closeSocket' }
  | { do: 'resume' }
  | { do: 'ping' }
  /** A safety poll beside the connection. client:SOC10 */
  | { do: 'poll' }
  /** Connected: refresh replies, send what waits. client:CRP3, CRP7 */
  | { do: 'settle' }
  | { do: 'timer'; name: TimerName; ms: number }
  | { do: 'cancel'; name: TimerName }
  | { do: 'cancelAll' }

export type Tools = { now: number; random: Random }
type Step = { state: SocketState; effects: Effect[] }

/** client:SOC2 */
export const HELLO_WITHIN_MS = 10_000
/** client:SOC4 */
export const PING_EVERY_MS = 20_000
export const PONG_WITHIN_MS = 10_000
/** client:SOC5 */
const BACKOFF_FIRST_MS = 1_000
export const BACKOFF_MAX_MS = 60_000
export const STABLE_AFTER_MS = 60_000
/** client:SOC10 */
export const POLL_CONNECTED_MS = 120_000
export const POLL_OTHERWISE_MS = 60_000
/** client:SOC13 */
export const UNOPENED_LIMIT = 3

export const initialState: SocketState = {
  run: 0,
  failures: 0,
  unopened: 0,
  offline: false,
  connectedBefore: false,
  phase: { name: 'stopped' },
}

export function next(state: SocketState, event: SocketEvent, tools: Tools): Step {
  if ('run' in event && event.run !== state.run) return stay(state)
  switch (event.type) {
    case 'start':
      return state.phase.name === 'stopped' ? attempt(state) : stay(state)
    case 'stop':
      return rest({ ...initialState, run: state.run, offline: state.offline }, { name: 'stopped' })
    case 'reconnect':
      return isUnderWay(state.phase) ? stay(state) : attempt({ ...state, failures: 0 })
    case 'online':
      return isPaused(state.phase) ? attempt({ ...state, offline: false }) : stay({ ...state, offline: false })
    case 'offline':
      return state.phase.name === 'waiting'
        ? pause({ ...state, offline: true }, state.phase.reissue)
        : stay({ ...state, offline: true })
    case 'woke':
      return woke(state)
    case 'timer':
      return onTimer(state, event.name, tools)
    case 'prepared':
      return move(state, { name: 'fetching' }, [{ do: 'fetch' }])
    case 'pageStored':
      return state.phase.name === 'fetching' ? move(state, { name: 'fetching', behind: event.behind }) : stay(state)
    case 'caughtUp':
      return move(state, { name: 'ticketing' }, [{ do: 'requestTicket' }])
    case 'ticket':
      return move(state, { name: 'opening' }, [
        { do: 'openSocket', ticket: event.ticket },
        { do: 'timer', name: 'hello', ms: HELLO_WITHIN_MS },
      ])
    case 'opened':
      if (event.protocol !== SOCKET_PROTOCOL)
        return failUnopened(state, tools, 'The relay answered in a protocol this version does not understand.')
      return move(state, state.phase, [{ do: 'timer', name: 'hello', ms: HELLO_WITHIN_MS }])
    case 'greeted':
      return move({ ...state, unopened: 0 }, { name: 'resuming' }, [
        { do: 'cancel', name: 'hello' },
        { do: 'resume' },
        { do: 'timer', name: 'ping', ms: PING_EVERY_MS },
      ])
    case 'resumed':
      return move({ ...state, connectedBefore: true }, { name: 'connected', since: tools.now }, [
        { do: 'timer', name: 'stable', ms: STABLE_AFTER_MS },
        { do: 'timer', name: 'poll', ms: POLL_CONNECTED_MS },
        { do: 'settle' },
      ])
    case 'frame':
      return move(state, state.phase, [{ do: 'cancel', name: 'pong' }])
    case 'closed':
      return onClosed(state, event.code, tools)
    case 'failed':
      return fail(state, tools, event.trouble)
  }
}

function onTimer(state: SocketState, name: TimerName, tools: Tools): Step {
  const { phase } = state
  switch (name) {
    case 'retry':
      return phase.name === 'waiting' ? attempt(state) : stay(state)
    case 'hello':
      return failUnopened(state, tools, 'The relay opened a connection but did not greet.')
    case 'ping':
      return move(state, phase, [
        { do: 'ping' },
        { do: 'timer', name: 'pong', ms: PONG_WITHIN_MS },
        { do: 'timer', name: 'ping', ms: PING_EVERY_MS },
      ])
    case 'pong':
      return fail(state, tools, { code: 'silent', reason: 'The relay fell silent.' })
    case 'stable':
      return move({ ...state, failures: 0 }, phase)
    case 'poll':
      return move(state, phase, [
        { do: 'poll' },
        { do: 'timer', name: 'poll', ms: phase.name === 'connected' ? POLL_CONNECTED_MS : POLL_OTHERWISE_MS },
      ])
  }
}

function onClosed(state: SocketState, code: number, tools: Tools): Step {
  const { now, random } = tools
  switch (code) {
    case CLOSE.tooMany:
      return wait(state, now, 5 * 60_000 * (1 + random()), 'This profile is open in too many places')
    case CLOSE.restarting:
      return wait(state, now, 1_000 + 4_000 * random(), 'The relay is restarting.')
    case CLOSE.policy:
      return attempt(state, true)
    default:
      if (state.phase.name === 'opening') return failUnopened(state, tools, 'The connection to the relay could not be opened.')
      return fail(state, tools, { code: 'closed', reason: 'The connection to the relay was lost.' })
  }
}

function failUnopened(state: SocketState, tools: Tools, reason: string): Step {
  return fail({ ...state, unopened: state.unopened + 1 }, tools, { code: 'unopened', reason })
}

/** Into the state the trouble asks for: one that waits for the user, or a wait with backoff. client:CSG4, CRG4, PIN4, IDN3, SOC5 */
function fail(state: SocketState, { now, random }: Tools, { code, reason, retryAfterMs = 0 }: Trouble): Step {
  const final = finalPhase(code, reason)
  if (final) return rest(state, final)
  const base = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** state.failures)
  const reissue = code === 'reissue_later' || ('reissue' in state.phase && state.phase.reissue)
  return wait({ ...state, failures: state.failures + 1 }, now, Math.max(base * (0.5 + random() / 2), retryAfterMs), reason, reissue)
}

function finalPhase(code: string, reason: string): Phase | undefined {
  if (code === 'blocked' || code === 'identity_lost') return { name: code, reason }
  if (['bad_signature', 'signature_required', 'token_refused'].includes(code)) return { name: 'auth_error', reason }
  if (code === 'relay_address') return { name: 'stopped', reason: `Relay address needed. ${reason}` }
  return undefined
}

/** A new attempt from the beginning, at once. */
function attempt(state: SocketState, reissue = 'reissue' in state.phase && state.phase.reissue): Step {
  return {
    state: { ...state, run: state.run + 1, phase: { name: 'preparing', reissue } },
    effects: [{ do: 'cancelAll' }, { do: 'closeSocket' }, { do: 'prepare', reissue }],
  }
}

function wait(state: SocketState, now: number, delayMs: number, reason: string, reissue = false): Step {
  if (state.offline) return pause(state, reissue)
  return {
    state: { ...state, run: state.run + 1, phase: { name: 'waiting', retryAt: now + delayMs, reason, reissue } },
    effects: [
      { do: 'cancelAll' },
      { do: 'closeSocket' },
      { do: 'timer', name: 'retry', ms: delayMs },
      { do: 'timer', name: 'poll', ms: POLL_OTHERWISE_MS },
    ],
  }
}

function pause(state: SocketState, reissue: boolean): Step {
  return rest(state, { name: 'offline', reissue })
}

/** Into a phase that only an event from outside ends. */
function rest(state: SocketState, phase: Phase): Step {
  return { state: { ...state, run: state.run + 1, phase }, effects: [{ do: 'cancelAll' }, { do: 'closeSocket' }] }
}

/** A connection that looks open is tried with a ping at once: it may be dead since before the sleep. */
function woke(state: SocketState): Step {
  if (isPaused(state.phase)) return attempt(state)
  if (state.phase.name !== 'connected') return stay(state)
  return move(state, state.phase, [{ do: 'ping' }, { do: 'timer', name: 'pong', ms: PONG_WITHIN_MS }])
}

function isPaused(phase: Phase): boolean {
  return phase.name === 'waiting' || phase.name === 'offline'
}

/** An attempt that is being made needs no other one; every step of it ends by itself. */
function isUnderWay(phase: Phase): boolean {
  return ['preparing', 'fetching', 'ticketing', 'opening', 'resuming'].includes(phase.name)
}

function move(state: SocketState, phase: Phase, effects: Effect[] = []): Step {
  return { state: { ...state, phase }, effects }
}

function stay(state: SocketState): Step {
  return { state, effects: [] }
}
