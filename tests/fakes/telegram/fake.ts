import type { Chat } from 'grammy/types'
import { addUpdate, createBot } from './bot.ts'
import { deliver } from './delivery.ts'
import { createFaults } from './faults.ts'
import type { FakeBot, FakeChat } from './model.ts'
import { Refusal } from './refusal.ts'
import { serveBotApi } from './server.ts'
import { createUser } from './user.ts'

export type FakeTelegram = Awaited<ReturnType<typeof startFakeTelegram>>

/**
 * Telegram's Bot API on loopback, with one bot and as many users as a test makes up. It keeps Telegram's promises: updates until confirmed, one
 * reader at a time, real parsing of HTML, limits, and the errors of the real server.
 */
export async function startFakeTelegram() {
  const bots: FakeBot[] = []
  const faults = createFaults()
  const stop = new AbortController()
  let nextId = 700_001
  let route = (url: string) => url

  function deliverTo(bot: FakeBot): void {
    if (bot.webhook) void deliver(bot, route, stop.signal)
  }

  function addBot(username: string): FakeBot {
    const bot = createBot(nextId++, username)
    bots.push(bot)
    return bot
  }

  const bot = addBot('ada_relay_bot')
  const { apiRoot, close } = await serveBotApi({
    botOf: (token) => bots.find((known) => known.token === token),
    faults,
    afterCall: deliverTo,
  })

  return {
    apiRoot,
    bot,
    addBot,
    faults,
    /** What the first bot sent, in order. */
    sent: bot.sent.all,
    nextSent: bot.sent.next,
    user(firstName: string, username?: string) {
      return createUser({ id: nextId++, is_bot: false, first_name: firstName, ...(username && { username }) }, bot, deliverTo)
    },
    /** A group the bot is a member of. */
    group(title: string): FakeChat {
      const chat: Chat.GroupChat = { id: -nextId++, type: 'group', title }
      const made: FakeChat = { chat, messages: new Set(), blocked: false }
      bot.chats.set(chat.id, made)
      return made
    },
    /** The group becomes a supergroup with another id. */
    migrate(group: FakeChat): FakeChat {
      const chat: Chat.SupergroupChat = { id: -1_000_000_000_000 - nextId++, type: 'supergroup', title: 'Moved' }
      const moved: FakeChat = { chat, messages: new Set(), blocked: false }
      bot.chats.set(chat.id, moved)
      group.migratedTo = chat.id
      return moved
    },
    /** An update as it is, for what no user here does. */
    update: (update: Parameters<typeof addUpdate>[1]) => {
      const added = addUpdate(bot, update)
      deliverTo(bot)
      return added
    },
    /** The token is replaced, as @BotFather does it; the old one is refused. */
    renewToken(): string {
      bot.poll?.fail(new Refusal(401, 'Unauthorized'))
      bot.token = `${bot.token}2`
      return bot.token
    },
    /** Where the public https address of a webhook is reachable in this test. */
    routeWebhooks(to: (url: string) => string): void {
      route = to
    },
    async close(): Promise<void> {
      stop.abort()
      for (const each of bots) each.poll?.finish([])
      await close()
    },
  }
}
