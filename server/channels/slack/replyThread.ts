import { createLru } from '../../auth/lru.ts'
import type { MessageOrigin } from '../../store/port.ts'
import type { ChannelHost, Delivery } from '../port.ts'

/** Replies whose thread is remembered until all their parts are sent. */
const MAX_REMEMBERED = 1_000
const TS = /^\d+\.\d+$/

/**
 * The thread a reply belongs to: that of the message it answers, else the one its metadata names, else that of the newest message of the
 * conversation. In channels a message that is in no thread begins one. All parts of a reply go to the same. relay:SL5
 */
export function createReplyThread(host: ChannelHost) {
  const chosen = createLru<string, { thread: string | undefined }>(MAX_REMEMBERED)

  async function choose({ channel, reply }: Delivery): Promise<string | undefined> {
    const { replyTo, thread_ts } = reply.metadata
    const answered = typeof replyTo === 'string' ? await host.origin(channel.id, { messageId: replyTo }) : undefined
    if (answered && answered.target === reply.target) return threadOf(answered)
    if (typeof thread_ts === 'string' && TS.test(thread_ts)) return thread_ts
    const newest = reply.target === undefined ? undefined : await host.origin(channel.id, { target: reply.target })
    return newest && threadOf(newest)
  }

  return async (delivery: Delivery): Promise<string | undefined> => {
    const { responseId } = delivery.reply
    const known = chosen.get(responseId)
    if (known) return known.thread
    const thread = await choose(delivery)
    chosen.set(responseId, { thread })
    return thread
  }
}

function threadOf({ target, metadata: { thread_ts, messageTs } }: MessageOrigin): string | undefined {
  if (typeof thread_ts === 'string') return thread_ts
  return typeof messageTs === 'string' && !isDirect(target) ? messageTs : undefined
}

/** Slack marks conversations of two people in their id. */
function isDirect(conversation: string | undefined): boolean {
  return conversation?.startsWith('D') ?? false
}
