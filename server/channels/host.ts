import type { ChannelState } from '#protocol/channel.ts'
import { RelayError } from '#protocol/errors.ts'
import { MAX_CHANNELS } from '#protocol/limits.ts'
import type { Seal } from '../auth/serverKey.ts'
import type { Clock } from '../clock.ts'
import type { Ingest } from '../inbox/ingest.ts'
import type { Log } from '../log.ts'
import { type Counts, createCounts } from '../metrics/counts.ts'
import type { ReplyRecord, Store } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'
import type { Hub } from '../ws/hub.ts'
import { createActivity } from './activity.ts'
import type { Adapters } from './adapters.ts'
import type { Directory } from './directory.ts'
import { createLiveConnections } from './liveConnections.ts'
import type { ChannelHost } from './port.ts'
import { createSerially } from './serially.ts'
import { AGENT_STOPPED, withTakenOver } from './takeOver.ts'
import { viewChannel } from './view.ts'

/** Why replies of a deleted channel are not sent. relay:CH10 */
const DELETED = 'The channel was deleted.'

const TROUBLES: ReadonlySet<ChannelState> = new Set(['degraded', 'conflict', 'auth_failed'])

export type Host = ReturnType<typeof createChannelHost>

/** The channels of the relay and what their kinds may do with them. relay §7 */
export function createChannelHost({
  store,
  directory,
  adapters,
  ingest,
  hub,
  seal,
  clock,
  log,
  repliesFailed,
  counts = createCounts(),
}: {
  store: Pick<Store, 'channels' | 'replies' | 'inbox'>
  directory: Directory
  adapters: Adapters
  ingest: Ingest
  hub: Pick<Hub, 'sendFrame'>
  seal: Seal
  clock: Clock
  log: Pick<Log, 'warn' | 'error'>
  /** Replies that will never be sent, because their channel was deleted. relay:CH10, REP10 */
  repliesFailed: (replies: ReplyRecord[]) => void
  counts?: Pick<Counts, 'rejected' | 'channelTroubles'>
}) {
  const activity = createActivity({ store: store.channels, clock, log })
  const connections = createLiveConnections({ adapters, channel: directory.byId, log })
  /** Writes to one channel, and new channels of one session, follow each other. */
  const serially = createSerially()

  function view(channel: ChannelRecord, baseUrl: string) {
    return viewChannel(channel, { baseUrl, now: clock.now(), unseal: seal.unseal, activity: activity.status(channel.id) })
  }

  /** relay:WS16 */
  function announce({ id, userId }: ChannelRecord): void {
    hub.sendFrame(userId, (baseUrl) => {
      const channel = directory.byId(id)
      return { type: 'channel_update', channelId: id, channel: channel ? view(channel, baseUrl) : null }
    })
  }

  async function insert(channel: ChannelRecord): Promise<ChannelRecord> {
    await serially(`session ${channel.userId}`, async () => {
      if (directory.ownedBy(channel.userId).length >= MAX_CHANNELS)
        throw new RelayError('too_many_channels', `A session has at most ${MAX_CHANNELS} channels. Delete one first.`)
      if (!(await store.channels.insert(channel)))
        throw new RelayError('channel_exists', 'This channel id is taken. Choose another id, or leave it out.')
      directory.set(channel)
    })
    await connections.follow(channel.id)
    return directory.byId(channel.id) ?? channel
  }

  async function update(id: string, change: (channel: ChannelRecord) => ChannelRecord): Promise<ChannelRecord | undefined> {
    const before = directory.byId(id)?.enabled
    const updated = await write(id, change)
    // Outside of the channel's turn, because what is closed may be waiting for a turn itself.
    if (updated && updated.enabled !== before) await connections.follow(id)
    return updated
  }

  /** `beside` is asked in the same turn, so that both are one commit. */
  function write(
    id: string,
    change: (channel: ChannelRecord) => ChannelRecord,
    beside?: () => Promise<void>,
  ): Promise<ChannelRecord | undefined> {
    return serially(id, async () => {
      const current = directory.byId(id)
      const wanted = current && change(current)
      if (!current || !wanted || wanted === current) return current
      const next = { ...wanted, id, userId: current.userId, type: current.type, revision: current.revision + 1 }
      const [written] = await Promise.all([store.channels.put(next, current.revision), beside?.()])
      if (!written) throw new RelayError('storage_unavailable', 'This channel was changed elsewhere at the same moment. Try again.')
      directory.set(next)
      announce(next)
      return next
    })
  }

  /** Deletes a channel for good, its messages excepted. False when there is none. relay:CH10 */
  async function remove(id: string): Promise<boolean> {
    const removed = await serially(id, async () => {
      const channel = directory.byId(id)
      if (!channel) return undefined
      // One turn, one commit: a crash leaves neither a channel without its queue nor a queue without its channel.
      const [failed] = await Promise.all([store.replies.failChannel(id, DELETED, clock.now()), store.channels.remove(id)])
      directory.remove(channel)
      activity.forget(id)
      announce(channel)
      repliesFailed(failed)
      return channel
    })
    if (!removed) return false
    await connections.follow(id)
    await adapters
      .of(removed.type)
      ?.removed?.(removed)
      .catch((error: unknown) => log.warn({ channelId: id, err: error }, 'a deleted channel could not be undone at its platform'))
    return true
  }

  const port: ChannelHost = {
    async ingest(channel, message) {
      const current = directory.byId(channel.id)
      if (current?.userId !== channel.userId)
        throw new RelayError('unknown_channel', 'This channel no longer exists. Create it again and use its new URL.')
      const taken = await ingest(current, message)
      if (!taken.duplicate) activity.inbound(channel.id)
      return taken
    },
    channel: directory.byId,
    list: directory.ownedBy,
    find(matches) {
      for (const channel of directory.all()) if (matches(channel)) return channel
      return undefined
    },
    insert,
    view,
    update,
    async setStatus(id, status) {
      await update(id, (channel) => {
        const same = channel.status.state === status.state && channel.status.detail === status.detail
        if (!same && TROUBLES.has(status.state)) counts.channelTroubles.add(channel.type, status.state)
        return same ? channel : { ...channel, status }
      })
    },
    rejected(id, reason) {
      const channel = directory.byId(id)
      if (!channel) return
      activity.rejected(id, reason)
      counts.rejected.add(channel.type)
    },
    typing({ id: channelId, type: channelType, userId }, metadata) {
      hub.sendFrame(userId, { type: 'typing', channelId, channelType, metadata })
    },
    origin: store.inbox.origin,
    position: store.channels.position,
    setPosition: store.channels.setPosition,
    positions: store.channels.positions,
    seal: seal.seal,
    unseal: seal.unseal,
  }

  return {
    ...port,
    remove,
    /** Agents may not answer there from this commit on, and what they had queued fails in it. Throws too_many_taken_over. relay:TKO1, TKO3 */
    takeOver: (id: string, target: string): Promise<ChannelRecord | undefined> =>
      write(id, withTakenOver(target), async () =>
        repliesFailed(await store.replies.failAgents(id, target, AGENT_STOPPED, clock.now())),
      ),
    /** Over the channels of all sessions: how many there are, in which states, and how much they refused. */
    totals(): { channels: number; states: Partial<Record<ChannelState, number>>; rejected: number } {
      const totals = { channels: 0, states: {} as Partial<Record<ChannelState, number>>, rejected: 0 }
      for (const { id, enabled, status } of directory.all()) {
        const state = enabled ? status.state : 'disabled'
        totals.channels += 1
        totals.states[state] = (totals.states[state] ?? 0) + 1
        totals.rejected += activity.status(id).rejected ?? 0
      }
      return totals
    },
    /** Every channel of a session that is about to be removed. relay:STO6, ADM8 */
    async removeAllOf(userId: string): Promise<void> {
      await Promise.all(directory.ownedBy(userId).map(({ id }) => remove(id)))
    },
    /** Opens what the enabled channels need. Adapters are added by now. */
    async start(): Promise<void> {
      const ids = () => Array.from(directory.all(), ({ id }) => id)
      await activity.load(ids())
      connections.start(ids())
    },
    async close(): Promise<void> {
      await connections.close()
      await activity.close()
    },
  }
}
