import { type Gauge, perKind, processGauges, single } from '../metrics/gauges.ts'
import type { MaintenanceStore } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'
import type { Hub } from '../ws/hub.ts'

/** What is looked at for each scrape. A store that cannot be read leaves its part out: that is when the rest is wanted most. relay:MET2 */
export function createGauges({
  maintenance,
  hub,
  channels,
  approvalsWaiting,
}: {
  maintenance: Pick<MaintenanceStore, 'overview' | 'queued' | 'stats'>
  hub: Pick<Hub, 'kinds'>
  channels: () => Iterable<ChannelRecord>
  approvalsWaiting: () => number
}): () => Promise<Gauge[]> {
  function channelStates(): Gauge {
    const found = new Map<string, { labels: Record<string, string>; value: number }>()
    for (const { type, enabled, status } of channels()) {
      const state = enabled ? status.state : 'disabled'
      const sample = found.get(`${type} ${state}`) ?? { labels: { channel_type: type, state }, value: 0 }
      sample.value += 1
      found.set(`${type} ${state}`, sample)
    }
    return { name: 'chaos_channels', help: 'Channels by kind and state.', samples: [...found.values()] }
  }

  async function stored(): Promise<Gauge[]> {
    const overview = await maintenance.overview().catch(() => undefined)
    if (!overview) return []
    return [
      single('chaos_sessions', 'Registered sessions.', overview.sessions),
      single('chaos_replies_queued', 'Replies that wait for their platform.', overview.queuedReplies),
      single('chaos_store_bytes', 'Size of the database.', overview.bytes),
    ]
  }

  return async () => {
    const { behind, ...open } = hub.kinds()
    const { ops, errors } = maintenance.stats()
    return [
      ...processGauges(),
      perKind('chaos_sockets', 'Open sockets by protocol.', 'protocol', open),
      single('chaos_sockets_behind', 'Open sockets whose client does not keep up.', behind),
      single('chaos_store_queue', 'Writes that wait for their transaction.', maintenance.queued()),
      { ...single('chaos_store_operations_total', 'Reads and writes of the store.', ops), counts: true },
      { ...single('chaos_store_errors_total', 'Reads and writes that failed.', errors), counts: true },
      single('chaos_approvals_waiting', 'Approvals that wait for a decision.', approvalsWaiting()),
      channelStates(),
      ...(await stored()),
    ]
  }
}
