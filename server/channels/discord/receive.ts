import type { API } from '@discordjs/core/http-only'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { Pairing } from '../pairing.ts'
import type { ChannelHost, Inbound } from '../port.ts'
import { kept } from './bot.ts'
import { isForBot, type Received, readMessage } from './inbound.ts'
import type { DiscordMessage } from './message.ts'

/** A courtesy to the chat (a confirmation, a refusal) must not hold up the messages behind it longer. */
const COURTESY_TIMEOUT_MS = 10_000

export type Positions = NonNullable<Inbound['positions']>
export type Receive = ReturnType<typeof createReceive>

/**
 * Takes in one message, from the Gateway, from the history, or forwarded: pairing, refusal, or a message stored. `positions` are committed with it,
 * also when there is nothing to store. Resolves after the commit, with the id of a stored message. relay:DC5, DUR4
 */
export function createReceive(relay: {
  host: ChannelHost
  pairing: Pairing
  clientOf(channel: ChannelRecord): Promise<API | undefined>
  now: () => number
  log: Pick<Log, 'warn'>
}) {
  const { host, pairing, clientOf, now, log } = relay

  async function receive(
    channel: ChannelRecord,
    { message, edited }: { message: DiscordMessage; edited: boolean },
    positions: Positions,
  ): Promise<string | undefined> {
    const meant = channel.metadata.mentionOnly !== true || isForBot(message, kept(channel, 'botId'))
    const received = meant ? readMessage(message, edited, now()) : undefined
    const commit = () => Promise.all(positions.map(({ key, value }) => host.setPosition(channel.id, key, value)))
    if (!received) {
      await commit()
      return undefined
    }
    const admission = await admit(channel, received)
    if (admission.admitted) return (await host.ingest(channel, { ...received.inbound, positions })).messageId
    // Before anything is answered, which takes its time: a wrong code that is read a second time counts as another guess. relay:PAIR4
    await commit()
    if (admission.answer) await say(channel, received.chatId, admission.answer)
    return undefined
  }

  function admit(channel: ChannelRecord, { senderId, chatId, private: isPrivate, text }: Received): ReturnType<Pairing['admit']> {
    return pairing.admit(channel.id, { id: senderId, chat: chatId, private: isPrivate, text })
  }

  async function say(channel: ChannelRecord, chatId: string, content: string): Promise<void> {
    try {
      const api = await clientOf(channel)
      const signal = AbortSignal.timeout(COURTESY_TIMEOUT_MS)
      await api?.channels.createMessage(chatId, { content, allowed_mentions: { parse: [] } }, { signal })
    } catch {
      log.warn({ channelId: channel.id }, 'Discord did not take an answer to a chat.')
    }
  }

  return receive
}
