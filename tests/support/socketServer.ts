import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import type { ChannelMessage } from '#protocol/message.ts'
import type { Clock } from '../../server/clock.ts'
import { systemClock } from '../../server/clock.ts'
import { createAddresses } from '../../server/http/address.ts'
import { silentLog } from '../../server/log.ts'
import type { InboxStore } from '../../server/store/port.ts'
import { createHub } from '../../server/ws/hub.ts'
import type { Replies } from '../../server/ws/replyFrames.ts'
import { createUpgrade } from '../../server/ws/upgrade.ts'

/** An inbox in memory whose reads can be made to wait or fail. */
function createInbox(userId: string) {
  const messages: ChannelMessage[] = []
  const listeners = new Set<(messages: ChannelMessage[]) => void>()
  const control: { afterRead: () => Promise<void>; reads: number } = { afterRead: async () => {}, reads: 0 }
  const read = async (from: number, limit: number) => {
    control.reads += 1
    const page = messages.filter(({ seq }) => seq > from).slice(0, limit)
    await control.afterRead()
    return page
  }
  const inbox: Pick<InboxStore, 'readAfter' | 'readSince' | 'state' | 'droppedAbove' | 'ack' | 'onCommitted'> = {
    readAfter: (_user, after, limit) => read(after, limit),
    readSince: (_user, _since, limit) => read(0, limit),
    state: async () => ({ epoch: 'e', head: messages.length, oldest: 1, lastTimestamp: 0, acked: 0 }),
    droppedAbove: async () => 0,
    ack: async () => {},
    onCommitted(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return {
    inbox: inbox as InboxStore,
    control,
    /** Stores messages without telling anybody, and returns them for `tell`. */
    store(count: number, content = 'x'): ChannelMessage[] {
      const added = Array.from({ length: count }, (_, index): ChannelMessage => {
        const seq = messages.length + index + 1
        return {
          id: `m${seq}`,
          seq,
          userId,
          channelType: 'webhook',
          channelId: 'c',
          from: 'f',
          content,
          timestamp: '',
          metadata: {},
        }
      })
      messages.push(...added)
      return added
    },
    tell(committed: ChannelMessage[]): void {
      for (const listener of listeners) listener(committed)
    },
  }
}

/** Sockets alone: the real hub and upgrade over fakes of everything below, on a free port. */
export async function startSocketServer(
  options: { clock?: Clock; stalledMs?: number; replies?: Replies; maxPerUser?: number } = {},
) {
  const { clock = systemClock(), replies = { accept: async () => ({ responseId: 'r' }) }, maxPerUser = 5 } = options
  const userId = 'u'
  const known = { session: { userId, signedBefore: false, epoch: 'e', createdAt: 0 }, tokenHash: 'h' }
  const valid = { token: true }
  const stored = createInbox(userId)
  const hub = createHub({
    inbox: stored.inbox,
    clock,
    log: silentLog(),
    maxPerUser,
    ...(options.stalledMs !== undefined && { stalledMs: options.stalledMs }),
  })
  const byToken = async () => (valid.token ? known : undefined)
  const sockets: Socket[] = []
  const server = createServer()
  server.on('upgrade', (_request, socket: Socket) => void sockets.push(socket))
  server.on(
    'upgrade',
    createUpgrade({
      sessions: { byToken, byTokenHash: byToken },
      tickets: { take: () => undefined },
      serverKey: { sign: () => 'signature' },
      hub,
      inbox: stored.inbox,
      replies,
      approvals: { waitingFor: () => [], decide: async () => undefined },
      limits: { consume: () => {} },
      addresses: createAddresses({ trustProxy: false }),
      nextRequestId: () => 'id',
      clock,
      log: silentLog(),
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    ...stored,
    hub,
    valid,
    url: `ws://127.0.0.1:${port}/ws?token=t`,
    /** The relay's ends of the TCP connections, in the order they were opened. */
    sockets,
    async close() {
      await hub.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
