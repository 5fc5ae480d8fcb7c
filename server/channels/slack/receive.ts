import { createLru } from '../../auth/lru.ts'
import { sentAt } from '../../inbox/sentAt.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { allowedUsers, type Pairing } from '../pairing.ts'
import type { ChannelHost, Inbound } from '../port.ts'
import { botOf } from './bot.ts'
import type { SlackClients } from './client.ts'
import type { Callback, SlackEvent } from './event.ts'
import { type Received, readEvent } from './inbound.ts'
import type { LastRead } from './lastRead.ts'
import { messageFiles, placeholder } from './messageFiles.ts'
import type { Names } from './names.ts'
import { peopleIn, readable } from './readable.ts'
import type { Threads } from './threads.ts'
import { BOT_TOKEN_FIX } from './trouble.ts'

/** Messages whose outcome is remembered, so that a repeat gets the first answer: more than Slack sends within its retries. */
const MAX_REMEMBERED = 5_000

export type Receive = ReturnType<typeof createReceive>

/**
 * Takes in one event, from a socket or a post: pairing, refusal, or a message stored. Resolves after the commit, with the id of a stored
 * message. Rejects when it could not be stored or Slack has to be asked and does not answer: then Slack shall send it again.
 * relay:SL4, DUR1, DUR2
 */
export function createReceive(relay: {
  host: ChannelHost
  pairing: Pairing
  clients: SlackClients
  names: Names
  threads: Threads
  lastRead: LastRead
  log: Pick<Log, 'warn'>
}) {
  const { host, pairing, clients, names, threads, lastRead, log } = relay
  const outcomes = createLru<string, Promise<string | undefined>>(MAX_REMEMBERED)

  async function take(channel: ChannelRecord, received: Received): Promise<string | undefined> {
    if (!(await concernsBot(channel, received))) return undefined
    const { user: id, channel: chat, message, concerns } = received
    const admission = await pairing.admit(channel.id, { id, chat, private: concerns === 'direct', text: message.text ?? '' })
    if (admission.admitted) return (await host.ingest(channel, await asInbound(channel, received))).messageId
    if (concerns === 'direct') await noteRead(channel.id, received)
    // Not waited for: Slack takes an event that is not confirmed within 3 s for lost.
    if (admission.answer) void answer(channel, chat, admission.answer)
    return undefined
  }

  /** In a thread that the bot did not begin it takes its having written there, and Slack is asked only on behalf of the paired. */
  async function concernsBot(
    channel: ChannelRecord,
    { concerns, channel: conversation, user, message }: Received,
  ): Promise<boolean> {
    if (concerns !== 'thread') return true
    const ts = message.thread_ts ?? message.ts
    return threads.has(channel, { conversation, ts, mayAsk: allowedUsers(channel).includes(user) })
  }

  async function asInbound(channel: ChannelRecord, { channel: target, user, message, edited, key }: Received): Promise<Inbound> {
    const { ts, thread_ts, text } = message
    const bot = botOf(channel)
    const found = await names.of(channel, [user, ...peopleIn(text ?? '').filter((id) => id !== bot.id)])
    const nameOf = (id: string) => (id === bot.id ? bot.username : found.get(id))
    const { files, omitted } = messageFiles(message)
    return {
      from: found.get(user) ?? user,
      content: readable(text ?? '', { botId: bot.id, nameOf }) || placeholder(message),
      metadata: {
        slackChannelId: target,
        teamId: bot.team,
        senderId: user,
        messageTs: ts,
        ...(thread_ts && { thread_ts }),
        ...(edited && { edited: true }),
        ...sentAt(Number(edited ? message.edited?.ts : ts) * 1000),
        ...(omitted.length > 0 && { attachmentsOmitted: omitted }),
      },
      target,
      dedupKey: key,
      positions: [await lastRead.after(channel.id, target, ts)],
      // What was edited are the words.
      ...(files.length > 0 && !edited && { files }),
    }
  }

  /** From when somebody is paired, what they write directly may be missed. */
  async function noteRead(channelId: string, { channel: conversation, user, message }: Received): Promise<void> {
    const channel = host.channel(channelId)
    if (!channel || !allowedUsers(channel).includes(user)) return
    const { key, value } = await lastRead.after(channelId, conversation, message.ts)
    await host.setPosition(channelId, key, value)
  }

  async function answer(channel: ChannelRecord, chat: string, text: string): Promise<void> {
    try {
      await clients.of(channel)?.chat.postMessage({ channel: chat, text })
    } catch {
      log.warn({ channelId: channel.id }, 'Slack did not take an answer to a chat.')
    }
  }

  /** A repeat gets the first answer, also while the first is still being taken in. relay:DUR2 */
  function once(channel: ChannelRecord, received: Received): Promise<string | undefined> {
    const key = `${channel.id}|${received.key}`
    const known = outcomes.get(key)
    if (known) return known
    const outcome = take(channel, received)
    outcomes.set(key, outcome)
    outcome.catch(() => outcomes.delete(key))
    return outcome
  }

  return async (channel: ChannelRecord, { teams, event }: Callback): Promise<string | undefined> => {
    const bot = botOf(channel)
    // An app that is installed in several workspaces hears of all of them.
    const foreign = bot.team !== '' && teams.length > 0 && !teams.includes(bot.team)
    if (!event || foreign) return undefined
    if (isFarewell(event)) await host.setStatus(channel.id, { state: 'auth_failed', detail: BOT_TOKEN_FIX })
    const received = readEvent(event, bot)
    return received && once(channel, received)
  }
}

/** The app was uninstalled, or its bot token taken back. relay:CH11 */
function isFarewell(event: SlackEvent): boolean {
  return event.type === 'app_uninstalled' || (event.type === 'tokens_revoked' && (event.tokens.bot ?? []).length > 0)
}
