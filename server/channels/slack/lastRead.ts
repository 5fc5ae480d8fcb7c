import * as z from 'zod'
import type { ChannelHost } from '../port.ts'

/** Position under which it is kept, committed with each message. */
const POSITION = 'slack.lastRead'
/** Conversations kept per channel, about 4 KB: those in which something was written last. */
const MOST_KEPT = 100

const keptSchema = z.record(z.string(), z.string())

/** Conversation and the newest `ts` taken in, those written to last at the end. */
export type ReadUpTo = [conversation: string, ts: string][]
export type LastRead = ReturnType<typeof createLastRead>

/** Up to where each conversation was read, so that what is missed later is known. relay:SL6 */
export function createLastRead(host: ChannelHost) {
  const kept = new Map<string, Promise<Map<string, string>>>()

  function of(channelId: string): Promise<Map<string, string>> {
    let known = kept.get(channelId)
    if (!known) {
      known = load(channelId)
      kept.set(channelId, known)
      known.catch(() => kept.delete(channelId))
    }
    return known
  }

  async function load(channelId: string): Promise<Map<string, string>> {
    const stored = await host.position(channelId, POSITION)
    return new Map(stored === undefined ? [] : Object.entries(keptSchema.parse(JSON.parse(stored))))
  }

  return {
    async all(channelId: string): Promise<ReadUpTo> {
      return [...(await of(channelId))]
    },
    /** The position to commit with a message. */
    async after(channelId: string, conversation: string, ts: string): Promise<{ key: string; value: string }> {
      const read = await of(channelId)
      const before = read.get(conversation)
      read.delete(conversation)
      read.set(conversation, before !== undefined && isLater(before, ts) ? before : ts)
      for (const oldest of read.keys()) if (read.size > MOST_KEPT) read.delete(oldest)
      return { key: POSITION, value: JSON.stringify(Object.fromEntries(read)) }
    },
    forget(channelId: string): void {
      kept.delete(channelId)
    },
  }
}

/** Slack's times have the same length; as numbers they would lose their last digits. */
export function isLater(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length
}
