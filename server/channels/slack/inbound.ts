import type { Bot } from './bot.ts'
import type { SlackEvent, SlackMessage } from './event.ts'

/**
 * What somebody wrote, and how it concerns the bot: `direct` to it, as a `mention` of it, as an answer in a `botThread` (which the bot began),
 * or in another `thread`, where the bot may have written or not.
 */
export type Received = {
  concerns: 'direct' | 'mention' | 'botThread' | 'thread'
  channel: string
  user: string
  message: SlackMessage
  edited: boolean
  /** The same however often Slack tells of it: a mention is told twice, with one ts; each edit has a time of its own. */
  key: string
}

/** Kinds of message that people write; all others are Slack's own notes, deletions and the words of bots. */
const WRITTEN = new Set(['', 'file_share', 'me_message', 'thread_broadcast'])

/** Undefined for what is not relayed: bots (this one too), notes, what is said in a channel among others. relay:SL4 */
export function readEvent(event: SlackEvent, bot: Bot): Received | undefined {
  switch (event.type) {
    case 'message':
      if ('message' in event) return readEdit(event, bot)
      return received(event, event.channel, event.channel_type === 'im', bot)
    case 'app_mention':
      return received(event, event.channel, false, bot)
    case 'tokens_revoked':
    case 'app_uninstalled':
      return undefined
  }
}

type Edit = Extract<SlackEvent, { subtype: 'message_changed' }>

/** Slack says "changed" also when it adds a preview; only new words, or the first ones, are an edit. */
function readEdit({ message, previous_message, channel, channel_type }: Edit, bot: Bot): Received | undefined {
  if (!message.edited || message.text === previous_message?.text) return undefined
  const found = received(message, channel, channel_type === 'im', bot)
  return found && { ...found, edited: true, key: `${found.key}:${message.edited.ts}` }
}

function received(message: SlackMessage, channel: string, direct: boolean, bot: Bot): Received | undefined {
  const { user, bot_id, subtype } = message
  if (!user || bot_id || user === bot.id || !WRITTEN.has(subtype ?? '')) return undefined
  const concerns = direct ? 'direct' : concerning(message, bot)
  return concerns && { concerns, channel, user, message, edited: false, key: `${channel}:${message.ts}` }
}

function concerning({ text, ts, thread_ts, parent_user_id }: SlackMessage, bot: Bot): Received['concerns'] | undefined {
  if (text && new RegExp(`<@${bot.id}(?:\\|[^>]*)?>`).test(text)) return 'mention'
  if (!thread_ts || thread_ts === ts) return undefined
  return parent_user_id === bot.id ? 'botThread' : 'thread'
}
