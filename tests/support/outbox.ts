import type { ReplyStatus } from '#protocol/message.ts'
import type { ServerFrame } from '#protocol/socket.ts'
import type { ChannelAdapter, Delivery } from '../../server/channels/port.ts'
import { silentLog } from '../../server/log.ts'
import { createReplies } from '../../server/outbox/accept.ts'
import { createOutbox } from '../../server/outbox/worker.ts'
import type { SessionRecord } from '../../server/store/port.ts'
import type { ChannelRecord } from '../../server/store/records.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { createFakeClock } from './fakeClock.ts'

/** What a scripted platform was handed. */
export type Sent = { target: string | undefined; text: string; at: number }

/** What the platform does with a part; throw to refuse it. */
export type Script = (delivery: Delivery, text: string) => Promise<string> | string

/**
 * Outbox and acceptance on a real store, with a platform that does as it is told. Parts of a reply are what stands between `|`. `beforeCommit` makes
 * the store fail.
 */
export async function openOutbox(options: { path?: string; random?: () => number; beforeCommit?: () => void } = {}) {
  const clock = createFakeClock()
  const store = await openSqliteStore({
    path: options.path ?? ':memory:',
    ...(options.beforeCommit && { beforeCommit: options.beforeCommit }),
  })
  const channels = new Map<string, ChannelRecord>()
  const frames: (ServerFrame & { type: 'reply_status' })[] = []
  const sent: Sent[] = []
  const statuses: { id: string; state: string }[] = []
  const waiting: { wanted: () => boolean; done: () => void }[] = []
  let counter = 0
  let script: Script = () => `p${++counter}`

  function happened(): void {
    for (const waiter of [...waiting]) if (waiter.wanted()) waiter.done()
  }
  const adapter: ChannelAdapter = {
    type: 'telegram',
    parts: (reply) => [
      ...reply.content.split('|').map((text, index) => ({ kind: 'text' as const, text, index })),
      ...reply.attachments.map((_, file) => ({ kind: 'file' as const, file, index: 1 + file })),
    ],
    async send(delivery) {
      const text = delivery.part.kind === 'text' ? delivery.part.text : (await delivery.file(delivery.part.file)).filename
      sent.push({ target: delivery.reply.target, text, at: clock.now() })
      happened()
      return { platformMessageId: await script(delivery, text) }
    },
  }
  const host = {
    channel: (id: string) => channels.get(id),
    async setStatus(id: string, { state }: { state: string }) {
      statuses.push({ id, state })
    },
  }
  const notify = (_userId: string, frame: ServerFrame) => {
    if (frame.type === 'reply_status') frames.push(frame)
    happened()
  }
  const log = silentLog()
  const outbox = createOutbox({
    store,
    adapters: (type) => (type === 'telegram' ? adapter : undefined),
    host,
    clock,
    random: options.random ?? (() => 0.5),
    log,
    notify,
  })
  const replies = createReplies({ store, host, clock, log, onQueued: outbox.wake, notify })

  async function addUser(): Promise<SessionRecord> {
    const userId = `user-${++counter}`
    const wanted = { userId, signedBefore: false, epoch: 'e', tokenHash: userId, sealedToken: '', now: clock.now() }
    return (await store.sessions.create(wanted)).session
  }
  const user = await store.sessions.byUserId('user-1').then((found) => found ?? addUser())

  async function addChannel(id: string, given: Partial<ChannelRecord> = {}): Promise<ChannelRecord> {
    const channel: ChannelRecord = {
      id,
      userId: user.userId,
      type: 'telegram',
      revision: 1,
      agentId: '',
      direction: 'bidirectional',
      enabled: true,
      createdAt: clock.now(),
      metadata: { allowedUsers: ['1'] },
      platform: {},
      secrets: {},
      status: { state: 'ok' },
      ...given,
    }
    channels.set(id, channel)
    return channel
  }

  /** An inbound message, so that there is somebody to reply to. */
  async function hear(channelId: string, target: string, userId = user.userId): Promise<string> {
    const id = `m-${++counter}`
    const channelType = channels.get(channelId)?.type ?? 'telegram'
    await store.inbox.append({
      id,
      userId,
      channelId,
      channelType,
      from: 'x',
      content: 'hi',
      metadata: {},
      target,
      now: clock.now(),
    })
    return id
  }

  return {
    clock,
    store,
    outbox,
    adapter,
    replies,
    user,
    channels,
    frames,
    sent,
    statuses,
    addUser,
    addChannel,
    hear,
    obey(next: Script): void {
      script = next
    },
    accept: (body: unknown, idempotency?: { key: string; bodyHash: string }) => replies.accept(user, body, idempotency),
    /** Resolves once `wanted` is true; looked at whenever the platform or the notifier is used. */
    until(wanted: () => boolean): Promise<void> {
      if (wanted()) return Promise.resolve()
      return new Promise((done) => waiting.push({ wanted, done }))
    },
    /** Resolves with the newest status of a reply in that state. */
    async status(responseId: string, state: ReplyStatus['state']): Promise<ReplyStatus> {
      const find = () => frames.findLast((frame) => frame.responseId === responseId && frame.state === state)
      await this.until(() => find() !== undefined)
      const { type: _, ...status } = find() ?? { type: 'reply_status', ...({} as ReplyStatus) }
      return status
    },
    async close(): Promise<void> {
      await outbox.close()
      await store.close()
    },
  }
}

export type TestOutbox = Awaited<ReturnType<typeof openOutbox>>
