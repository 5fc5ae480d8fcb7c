import type { FullHealthAnswer } from '#protocol/http.ts'
import type { Clock } from '../clock.ts'
import type { MaintenanceStore } from '../store/port.ts'
import { VERSION } from '../version.ts'
import type { Answer, RateLimits, Route } from './route.ts'

type Features = readonly string[]

/** GET /health. `websockets` counts open sockets; the answer never names a session, channel or path. relay:HLT1, HLT2 */
export function healthRoute({
  maintenance,
  limits,
  clock,
  websockets,
  features,
}: {
  maintenance: Pick<MaintenanceStore, 'probe' | 'stats'>
  limits: RateLimits
  clock: Pick<Clock, 'now'>
  websockets: () => number
  features: Features
}): Route {
  const startedAt = clock.now()

  function state(ok: boolean) {
    const { ops, errors, timeouts, lastError } = maintenance.stats()
    const now = clock.now()
    return {
      status: ok ? 'ok' : 'degraded',
      version: VERSION,
      deploymentId: 'local',
      kv: true,
      kvStats: { ops, errors, timeouts, lastError: lastError ?? null },
      initialized: true,
      websockets: websockets(),
      uptime: Math.floor((now - startedAt) / 1000),
      serverTime: new Date(now).toISOString(),
      features: [...features],
    } satisfies FullHealthAnswer
  }

  async function deep(): Promise<Answer> {
    const began = performance.now()
    const elapsed = () => Math.round((performance.now() - began) * 10) / 10
    try {
      await maintenance.probe()
      return { json: { ...state(true), kvLive: { ok: true, ms: elapsed() } } }
    } catch {
      const error = 'The storage did not take a test write. Check the disk and the relay’s log.'
      return { status: 503, json: { ...state(false), kvLive: { ok: false, ms: elapsed(), error } } }
    }
  }

  return {
    method: 'GET',
    path: '/health',
    handle(request) {
      if (request.query.get('deep') !== '1') return { json: state(true) }
      limits.consume('deepHealth', request.ip)
      return deep()
    },
  }
}
