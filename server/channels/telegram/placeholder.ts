import type { FileKind } from './messageFile.ts'
import type { TelegramMessage } from './update.ts'

/** What stands for a message that has neither text nor caption. relay:TG7 */
export function placeholder(message: TelegramMessage, file: FileKind | undefined): string {
  const { sticker, venue, location, contact, poll, dice } = message
  if (sticker) return `[${['sticker', sticker.emoji].filter(Boolean).join(' ')}]`
  if (file) return bracketed(file)
  if (venue) return `[venue ${venue.title}, ${venue.address}]`
  if (location) return `[location ${location.latitude}, ${location.longitude}]`
  if (contact) return `[contact ${[contact.first_name, contact.last_name, contact.phone_number].filter(Boolean).join(' ')}]`
  if (poll) return `[poll ${poll.question} ${poll.options.map(({ text }) => `• ${text}`).join(' ')}]`
  if (dice) return `[dice ${dice.emoji} ${dice.value}]`
  return bracketed(Object.keys(message).find((key) => isKind(key, message[key])) ?? 'message')
}

function bracketed(kind: string): string {
  return `[${kind.replace(/_/g, ' ')}]`
}

/** Members of any message that are objects but say nothing about its kind. */
const ABOUT_EVERY_MESSAGE = new Set([
  'from',
  'chat',
  'sender_chat',
  'sender_business_bot',
  'receiver_user',
  'via_bot',
  'forward_origin',
  'reply_to_message',
  'reply_to_story',
  'external_reply',
  'quote',
  'entities',
  'caption_entities',
  'link_preview_options',
  'reply_markup',
  'direct_messages_topic',
])

function isKind(key: string, value: unknown): boolean {
  return typeof value === 'object' && value !== null && !ABOUT_EVERY_MESSAGE.has(key)
}
