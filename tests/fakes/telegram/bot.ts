import type { Update } from 'grammy/types'
import { createQueue } from '../queue.ts'
import type { FakeBot, FakeChat } from './model.ts'
import { badRequest, Refusal } from './refusal.ts'

export function createBot(id: number, username: string): FakeBot {
  return {
    token: `${id}:AAE-${username}-fake_token_0123456789abcdef`,
    revoked: false,
    me: { id, is_bot: true, first_name: username, username },
    updates: [],
    nextUpdateId: id * 1000 + 1,
    nextMessageId: 1,
    chats: new Map(),
    poll: undefined,
    webhook: undefined,
    delivering: false,
    files: new Map(),
    sent: createQueue(),
    actions: createQueue(),
    answered: createQueue(),
    calls: createQueue(),
  }
}

/** The chat a call names, if the bot may write there. */
export function chatOf(bot: FakeBot, chatId: unknown): FakeChat {
  const found = bot.chats.get(Number(chatId))
  if (!found) throw badRequest('chat not found')
  if (found.migratedTo !== undefined) {
    throw badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: found.migratedTo })
  }
  if (found.blocked) throw new Refusal(403, 'Forbidden: bot was blocked by the user')
  return found
}

/** Puts an update in the bot's queue and wakes whoever waits for it. */
export function addUpdate(bot: FakeBot, update: Omit<Update, 'update_id'>): Update {
  const numbered = { update_id: bot.nextUpdateId++, ...update }
  bot.updates.push(numbered)
  bot.poll?.finish(bot.updates.slice(0, MOST_UPDATES))
  return numbered
}

/** As many as one getUpdates gives at once. */
export const MOST_UPDATES = 100
