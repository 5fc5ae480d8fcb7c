import type { APIUser } from 'discord-api-types/v10'
import { apiUser, botToken, createBot } from './bot.ts'
import { createBuckets } from './buckets.ts'
import { createFaults } from './faults.ts'
import { gatewayUrl, serveGateway } from './gateway.ts'
import { type Act, createInteraction, type Interaction, signed } from './interactions.ts'
import { createMessage, type MessageParts } from './messages.ts'
import type { FakeBot, FakeChannel } from './model.ts'
import { serveApi } from './server.ts'
import { createSnowflakes } from './snowflakes.ts'
import { createUser } from './user.ts'
import { createWorld } from './world.ts'

export type FakeDiscord = Awaited<ReturnType<typeof startFakeDiscord>>

/**
 * Discord on loopback: REST API, Gateway, file host and signed interactions, with one bot, guilds it is in, and as many users as a test makes up.
 * `now` in epoch milliseconds.
 */
export async function startFakeDiscord({ now = Date.now }: { now?: () => number } = {}) {
  const ids = createSnowflakes(now)
  const world = createWorld(now, ids)
  const faults = createFaults()
  const buckets = createBuckets(now)
  const { http, apiRoot, close } = await serveApi({ world, faults, buckets })
  const gateway = serveGateway(http, world)

  function addBot(username: string): FakeBot {
    const bot = createBot(ids.next(), username)
    world.bots.push(bot)
    return bot
  }
  const bot = addBot('ada_relay')

  function addChannel(channel: Omit<FakeChannel, 'id' | 'messages' | 'closed'>): FakeChannel {
    const made = { id: ids.next(), messages: [], closed: false, ...channel }
    world.channels.set(made.id, made)
    return made
  }

  return {
    apiRoot,
    gatewayUrl: gatewayUrl(world),
    bot,
    addBot,
    faults,
    gateway,
    limit: buckets.limit,
    /** What the first bot sent, in order. */
    sent: bot.sent.all,
    nextSent: bot.sent.next,
    user: (username: string) => createUser(apiUser(ids.next(), username), world, gateway, bot),
    /** A guild all bots are in, with its first channel. */
    guild(name: string): {
      id: string
      channel: FakeChannel
      addChannel(named: string): FakeChannel
      addThread(named: string): FakeChannel
    } {
      const id = ids.next()
      world.guilds.set(id, { id, name })
      return {
        id,
        channel: addChannel({ guildId: id, name: 'general' }),
        addChannel: (named) => addChannel({ guildId: id, name: named }),
        addThread: (named) => addChannel({ guildId: id, name: named, thread: true }),
      }
    },
    /** A message of anybody, for what no user here does. */
    write(channel: FakeChannel, parts: MessageParts, at?: number) {
      const message = createMessage(world, channel, parts, at)
      gateway.message(bot, 'MESSAGE_CREATE', message, channel.guildId)
      return message
    },
    /** Somebody uses a command, a button or a form. The result is told to nobody yet. */
    interaction: (user: APIUser, channel: FakeChannel, act: Act): Interaction => createInteraction(world, bot, user, channel, act),
    /** An interaction as it is posted to the application's endpoint. */
    signed: (body: unknown, timestamp = String(Math.floor(now() / 1000))) => signed(bot, body, timestamp),
    /** An interaction by the Gateway, as for applications without an endpoint. */
    dispatchInteraction: (interaction: Interaction): void => gateway.dispatch(bot, 'INTERACTION_CREATE', interaction, 0),
    /** Fifteen minutes have gone by for it. */
    expire(interaction: Interaction): void {
      const known = bot.interactions.get(interaction.id)
      if (known) known.expired = true
    },
    allowStarts(left: number): void {
      world.startsLeft = left
    },
    /** Addresses of files end. */
    expireFiles(): void {
      for (const file of world.files.values()) file.validUntil = 0
    },
    moveFiles(to: string): void {
      world.filesMovedTo = to
    },
    removeFiles(): void {
      world.files.clear()
    },
    /** The token is replaced in the portal: the old one is refused, and its connections end. */
    renewToken(): string {
      bot.token = botToken(bot.user.id, `renewed-${ids.next()}`)
      gateway.close(bot, 4004)
      bot.sessions.clear()
      return bot.token
    },
    async close(): Promise<void> {
      gateway.stop()
      await close()
    },
  }
}
