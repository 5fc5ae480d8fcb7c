import { type Phase, type SocketState, UNOPENED_LIMIT } from './socketMachine.ts'
import type { Connection } from './state.ts'

/** What of the connection's state is shown. client:SOC3, SOC13 */
export function describe(state: SocketState): Pick<Connection, 'state' | 'retryAt' | 'reason' | 'behind' | 'polling'> {
  const { phase } = state
  const polling = state.unopened >= UNOPENED_LIMIT && phase.name !== 'stopped'
  const blocked = polling && { polling, reason: 'WebSocket blocked - polling every 60 s' }
  switch (phase.name) {
    case 'stopped':
    case 'blocked':
    case 'auth_error':
    case 'identity_lost':
      return { state: phase.name, ...(phase.reason !== undefined && { reason: phase.reason }) }
    case 'connected':
      return { state: 'connected' }
    case 'resuming':
      return { state: 'catching_up' }
    case 'waiting':
      return { state: 'reconnecting', retryAt: phase.retryAt, reason: phase.reason, ...blocked }
    case 'offline':
      return { state: 'reconnecting', reason: 'This computer is offline.', ...blocked }
    case 'preparing':
    case 'fetching':
    case 'ticketing':
    case 'opening':
      return { ...opening(state, phase), ...blocked }
  }
}

function opening(state: SocketState, phase: Phase): Pick<Connection, 'state' | 'behind'> {
  if (phase.name === 'fetching' && phase.behind !== undefined) return { state: 'catching_up', behind: phase.behind }
  return { state: state.connectedBefore || state.failures > 0 ? 'reconnecting' : 'connecting' }
}
