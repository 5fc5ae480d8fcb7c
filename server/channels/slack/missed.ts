import type { WebClient } from '@slack/web-api'
import * as z from 'zod'
import type { ChannelRecord } from '../../store/records.ts'
import { allowedUsers } from '../pairing.ts'
import type { SlackClients } from './client.ts'
import { readCallback } from './event.ts'
import { isLater, type ReadUpTo } from './lastRead.ts'
import type { Receive } from './receive.ts'
import type { Threads } from './threads.ts'
import { readTrouble } from './trouble.ts'

/** How far back is read. */
const FARTHEST_BACK_MS = 7 * 24 * 60 * 60_000
/** Conversations and threads looked at, the newest first: Slack takes some fifty such calls a minute. */
const MOST_CONVERSATIONS = 25
const MOST_THREADS = 15
/** Messages read of one conversation: five pages. */
const PAGE = 200
const MOST_PAGES = 5

const pageSchema = z.object({
  messages: z.array(z.looseObject({ ts: z.string(), user: z.string().nullish() })),
  has_more: z.boolean().nullish(),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
})
type Message = z.infer<typeof pageSchema>['messages'][number]

/**
 * Takes in what the paired wrote, in conversations known from before, while there was no connection: Slack sends an event again for some minutes
 * only. What Slack sends again all the same is recognised. Throws the troubles of Slack; then it can be done again. relay:SL6
 */
export async function takeMissed(relay: {
  channel: ChannelRecord
  clients: SlackClients
  since: ReadUpTo
  threads: Threads
  receive: Receive
  now: number
  signal: AbortSignal
}): Promise<void> {
  const { channel, clients, since, threads, receive, now, signal } = relay
  const api = clients.of(channel)
  const people = new Set(allowedUsers(channel))
  if (!api || people.size === 0) return
  const farthest = `${Math.floor((now - FARTHEST_BACK_MS) / 1000)}.000000`
  const written = await threads.newest(channel.id, MOST_THREADS)

  for (const [conversation, read] of since.slice(-MOST_CONVERSATIONS)) {
    const oldest = isLater(read, farthest) ? read : farthest
    const found = await history(api, conversation, oldest)
    for (const thread of written) if (thread.conversation === conversation) found.push(...(await replies(api, thread, oldest)))
    for (const message of found.filter(byPeople).sort((a, b) => (isLater(a.ts, b.ts) ? 1 : -1))) {
      if (signal.aborted) return
      await receive(channel, asEvent(message, conversation))
    }
  }

  function byPeople({ user }: Message): boolean {
    return typeof user === 'string' && people.has(user)
  }
}

async function history(api: WebClient, channel: string, oldest: string): Promise<Message[]> {
  return pages((cursor) => api.conversations.history({ channel, oldest, limit: PAGE, ...cursor }))
}

async function replies(api: WebClient, { conversation, ts }: { conversation: string; ts: string }, oldest: string) {
  const found = await pages((cursor) => api.conversations.replies({ channel: conversation, ts, oldest, limit: PAGE, ...cursor }))
  // The message a thread stands under comes with every answer.
  return found.filter((message) => message.ts !== ts)
}

/** Nothing where the bot may not look, or there is nothing to see. */
async function pages(ask: (cursor: { cursor?: string }) => Promise<unknown>): Promise<Message[]> {
  const found: Message[] = []
  let cursor: string | undefined
  try {
    for (let page = 0; page < MOST_PAGES; page++) {
      const { data } = pageSchema.safeParse(await ask(cursor === undefined ? {} : { cursor }))
      found.push(...(data?.messages ?? []))
      cursor = data?.response_metadata?.next_cursor || undefined
      if (!data?.has_more || cursor === undefined) break
    }
  } catch (error) {
    if (readTrouble(error).kind !== 'refused') throw error
  }
  return found
}

/** A message of the history does not say where it stands. */
function asEvent(message: Message, channel: string) {
  const channel_type = channel.startsWith('D') ? 'im' : 'channel'
  return readCallback({ type: 'event_callback', event: { ...message, type: 'message', channel, channel_type } }) ?? NOTHING
}

const NOTHING = { teams: [], event: undefined }
