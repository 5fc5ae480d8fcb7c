import type { AdminSession, AdminStatus } from '#protocol/admin.ts'
import type { Clock } from '../clock.ts'
import type { OperatorStore } from '../store/operatorPort.ts'
import { VERSION } from '../version.ts'
import type { AdminFacts } from './facts.ts'

/** Sessions read at once: with many of them, messages come in between. */
const SLICE_SESSIONS = 200

/** GET /admin/status, whole. relay:ADM6 */
export function createStatus({
  facts,
  sessions: pageOfSessions,
  sockets,
  clock,
}: {
  facts: AdminFacts
  sessions: OperatorStore['sessions']
  sockets: () => number
  clock: Pick<Clock, 'now'>
}) {
  const startedAt = clock.now()

  async function sessions(): Promise<AdminSession[]> {
    const found: AdminSession[] = []
    let before: number | undefined
    do {
      const page = await pageOfSessions(SLICE_SESSIONS, before)
      found.push(...page.sessions.map(facts.session))
      before = page.before
      if (before !== undefined) await new Promise(setImmediate)
    } while (before !== undefined)
    return found
  }

  return async (): Promise<AdminStatus> => {
    const writable = await facts.writable()
    return {
      status: writable ? 'ok' : 'degraded',
      version: VERSION,
      kv: writable,
      websockets: sockets(),
      uptime: Math.floor((clock.now() - startedAt) / 1000),
      sessions: await sessions(),
      recentMessages: await facts.recentMessages(),
    }
  }
}
