import { createApprovals } from '../approvals/approvals.ts'
import { readDecision } from '../approvals/request.ts'
import { approvalRoutes } from '../approvals/routes.ts'
import { ownChannel } from '../channels/own.ts'
import type { ChannelHost } from '../channels/port.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Counts } from '../metrics/counts.ts'
import type { Store } from '../store/port.ts'
import type { ApprovalDesk } from '../ws/decisions.ts'
import type { Hub } from '../ws/hub.ts'
import type { Core } from './core.ts'

/** Approvals between who asks over HTTP and who decides over a socket. */
export function createDesk({
  store,
  core: { guards, limits, sessions },
  hub,
  host,
  clock,
  log,
  random,
  counts,
}: {
  store: Pick<Store, 'approvals'>
  core: Core
  hub: Hub
  host: Pick<ChannelHost, 'channel'>
  clock: Clock
  log: Log
  random: (bytes: number) => Uint8Array
  counts: Counts
}) {
  const { listens, tellResumed: tell } = hub
  const approvals = createApprovals({ store: store.approvals, clock, log, random, listens, tell, counts })
  sessions.watch({ tokensEnded() {}, removed: approvals.forget })
  const forSockets: ApprovalDesk = {
    waitingFor: approvals.waitingFor,
    async decide({ userId }, frame) {
      limits.consume('approvalWatch', userId)
      return approvals.decide(userId, readDecision(frame))
    },
  }
  const { start, waiting, endWaits, close } = approvals
  const routes = approvalRoutes({ guards, approvals, ownChannel: (userId, id) => ownChannel(host, userId, id) })
  return { routes, forSockets, start, waiting, endWaits, close }
}
