import * as z from 'zod'
import { RelayError } from '#protocol/errors.ts'
import { createLru } from '../../auth/lru.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { ChannelHost } from '../port.ts'
import { createSerially } from '../serially.ts'
import { botOf } from './bot.ts'
import type { SlackClients } from './client.ts'
import { explain, readTrouble } from './trouble.ts'

/** Position under which a channel's threads are kept, newest last. */
const POSITION = 'slack.threads'
/** Threads kept per channel, about 15 KB. Of older ones Slack is asked. */
const MOST_KEPT = 500
/** Threads known to be without the bot, over all channels. */
const MOST_FOREIGN = 5_000
/** How much of a thread is looked at: what one answer of Slack holds. */
const PAGE = 999

const keptSchema = z.array(z.string())
const repliesSchema = z.object({ messages: z.array(z.object({ user: z.string().nullish() })) })

export type Threads = ReturnType<typeof createThreads>

/** In which threads the bot has written, over restarts. relay:SL4 */
export function createThreads({ host, clients }: { host: ChannelHost; clients: SlackClients }) {
  const kept = new Map<string, Promise<Set<string>>>()
  const foreign = createLru<string, object>(MOST_FOREIGN)
  const serially = createSerially()

  function keptOf(channelId: string): Promise<Set<string>> {
    let known = kept.get(channelId)
    if (!known) {
      known = load(channelId)
      kept.set(channelId, known)
      known.catch(() => kept.delete(channelId))
    }
    return known
  }

  async function load(channelId: string): Promise<Set<string>> {
    const stored = await host.position(channelId, POSITION)
    return new Set(stored === undefined ? [] : keptSchema.parse(JSON.parse(stored)))
  }

  async function remember(channelId: string, thread: string): Promise<void> {
    foreign.delete(`${channelId}|${thread}`)
    await serially(channelId, async () => {
      const threads = await keptOf(channelId)
      if ([...threads].at(-1) === thread) return
      threads.delete(thread)
      threads.add(thread)
      for (const oldest of threads) if (threads.size > MOST_KEPT) threads.delete(oldest)
      await host.setPosition(channelId, POSITION, JSON.stringify([...threads]))
    })
  }

  /** Throws provider_unreachable when Slack cannot say it now. */
  async function ask(channel: ChannelRecord, conversation: string, ts: string): Promise<boolean> {
    try {
      const answer = await clients.of(channel)?.conversations.replies({ channel: conversation, ts, limit: PAGE })
      const { data } = repliesSchema.safeParse(answer)
      return data?.messages.some(({ user }) => user === botOf(channel).id) ?? false
    } catch (error) {
      const trouble = readTrouble(error)
      // It may not look, or there is nothing to see: no later attempt would tell more.
      if (trouble.kind === 'refused' || trouble.kind === 'unauthorised') return false
      throw new RelayError('provider_unreachable', explain(trouble), { status: 503, retryAfter: 10, cause: error })
    }
  }

  return {
    /** The bot writes, or is about to, in this thread. */
    wrote: (channelId: string, conversation: string, ts: string) => remember(channelId, `${conversation}:${ts}`),

    /** Whether it ever did. With `mayAsk` Slack is asked where it is not known here, once per thread. */
    async has(channel: ChannelRecord, { conversation, ts, mayAsk }: { conversation: string; ts: string; mayAsk: boolean }) {
      const thread = `${conversation}:${ts}`
      if ((await keptOf(channel.id)).has(thread)) return true
      if (!mayAsk || foreign.get(`${channel.id}|${thread}`)) return false
      const found = await ask(channel, conversation, ts)
      if (found) await remember(channel.id, thread)
      else foreign.set(`${channel.id}|${thread}`, {})
      return found
    },

    /** Those in which it wrote last. */
    async newest(channelId: string, most: number): Promise<{ conversation: string; ts: string }[]> {
      return [...(await keptOf(channelId))].slice(-most).map((thread) => {
        const [conversation = '', ts = ''] = thread.split(':')
        return { conversation, ts }
      })
    },

    forget(channelId: string): void {
      kept.delete(channelId)
    },
  }
}
