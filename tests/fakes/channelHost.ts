import type { ChannelHost, Inbound } from '../../server/channels/port.ts'
import type { MessageOrigin } from '../../server/store/port.ts'
import type { ChannelRecord } from '../../server/store/records.ts'
import { createQueue } from './queue.ts'

export type FakeHost = ReturnType<typeof createFakeHost>

/** A channel host in memory, for what needs no relay around it. Sealing is only marked, so that a test sees what was sealed. */
export function createFakeHost() {
  const channels = new Map<string, ChannelRecord>()
  const positions = new Map<string, string>()
  const origins = new Map<string, MessageOrigin>()
  const ingested = createQueue<Inbound>()
  const rejections = createQueue<{ channelId: string; reason: string }>()
  const statuses = createQueue<{ channelId: string; state: string; detail?: string }>()
  const failures: unknown[] = []

  const host: ChannelHost = {
    async ingest(channel, message) {
      if (failures.length > 0) throw failures.shift()
      for (const { key, value } of message.positions ?? []) positions.set(`${channel.id}|${key}`, value)
      ingested.put(message)
      return { messageId: `m${ingested.all.length}`, duplicate: false }
    },
    channel: (id) => channels.get(id),
    list: (userId) => [...channels.values()].filter((channel) => channel.userId === userId),
    find: (matches) => [...channels.values()].find(matches),
    async insert(channel) {
      channels.set(channel.id, channel)
      return channel
    },
    view() {
      throw new Error('Nothing here looks at channels.')
    },
    async update(id, change) {
      const current = channels.get(id)
      if (!current) return undefined
      const changed = { ...change(current), revision: current.revision + 1 }
      channels.set(id, changed)
      return changed
    },
    async setStatus(id, status) {
      const current = channels.get(id)
      if (!current || (current.status.state === status.state && current.status.detail === status.detail)) return
      channels.set(id, { ...current, status })
      statuses.put({ channelId: id, ...status })
    },
    typing() {
      throw new Error('Nobody here listens.')
    },
    rejected: (channelId, reason) => rejections.put({ channelId, reason }),
    origin: async (channelId, wanted) => origins.get(`${channelId}|${'messageId' in wanted ? wanted.messageId : wanted.target}`),
    position: async (channelId, key) => positions.get(`${channelId}|${key}`),
    async setPosition(channelId, key, value) {
      positions.set(`${channelId}|${key}`, value)
    },
    async positions(channelId, prefix) {
      const start = `${channelId}|`
      return [...positions]
        .filter(([name]) => name.startsWith(start + prefix))
        .map(([name, value]) => ({ key: name.slice(start.length), value }))
    },
    seal: (plain) => `sealed(${plain})`,
    unseal(sealed) {
      const plain = /^sealed\((.*)\)$/.exec(sealed)?.[1]
      if (plain === undefined) throw new Error('This was sealed with another key.')
      return plain
    },
  }

  return {
    host,
    ingested,
    rejections,
    statuses,
    positions,
    /** The next messages are not stored, for these reasons. */
    failToStore: (...errors: unknown[]) => void failures.push(...errors),
    /** What `host.origin` answers for a message id or a target. */
    setOrigin: (channelId: string, key: string, origin: MessageOrigin) => void origins.set(`${channelId}|${key}`, origin),
    channel(given: Partial<ChannelRecord> = {}): ChannelRecord {
      const channel: ChannelRecord = {
        id: `c${channels.size + 1}`,
        userId: 'u1',
        type: 'telegram',
        revision: 1,
        agentId: '',
        direction: 'bidirectional',
        enabled: true,
        createdAt: 0,
        metadata: { allowedUsers: [] },
        platform: {},
        secrets: {},
        status: { state: 'waiting_pairing' },
        ...given,
      }
      channels.set(channel.id, channel)
      return channel
    },
  }
}
