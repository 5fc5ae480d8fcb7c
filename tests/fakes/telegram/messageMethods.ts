import type { Message, ReplyParameters } from 'grammy/types'
import { chatOf } from './bot.ts'
import { parseHtml } from './html.ts'
import type { Caller, Methods } from './methods.ts'
import type { FakeChat, Sent } from './model.ts'
import { badRequest } from './refusal.ts'

/** UTF-16 units, counted without markup. */
const LONGEST_TEXT = 4096
const LONGEST_CAPTION = 1024

type Outgoing = { chat_id: unknown; parse_mode?: string; reply_parameters?: ReplyParameters }

/** What bots say. */
export const messageMethods = {
  sendMessage(caller, args) {
    const chat = chatOf(caller.bot, args.chat_id)
    const { text, entities } = formatted(args.text, args.parse_mode)
    if (!text.trim()) throw badRequest('message text is empty')
    if (text.length > LONGEST_TEXT) throw badRequest('message is too long')
    const sent = record(caller, chat, args, { method: 'sendMessage', text, entities, source: args.text })
    return { ...message(caller, chat, sent), text } as Message.TextMessage
  },

  sendPhoto(caller, args) {
    const chat = chatOf(caller.bot, args.chat_id)
    const { bytes, filename } = upload(caller, args.photo)
    if (!isPicture(bytes)) throw badRequest('IMAGE_PROCESS_FAILED')
    const sent = record(caller, chat, args, { method: 'sendPhoto', ...captioned(args), file: { filename, bytes } })
    return { ...message(caller, chat, sent), photo: [] } as unknown as Message.PhotoMessage
  },

  sendDocument(caller, args) {
    const chat = chatOf(caller.bot, args.chat_id)
    const { bytes, filename } = upload(caller, args.document)
    const sent = record(caller, chat, args, { method: 'sendDocument', ...captioned(args), file: { filename, bytes } })
    return {
      ...message(caller, chat, sent),
      document: { file_id: 'sent', file_unique_id: 'sent', file_name: filename },
    } as Message.DocumentMessage
  },

  sendChatAction({ bot }, { chat_id, action }) {
    const { chat } = chatOf(bot, chat_id)
    bot.actions.put({ chatId: chat.id, action })
    return true
  },

  answerCallbackQuery({ bot }, { callback_query_id }) {
    bot.answered.put({ callbackQueryId: callback_query_id })
    return true
  },

  getFile({ bot }, { file_id }) {
    const stored = bot.files.get(file_id)
    if (!stored) throw badRequest('wrong file_id or the file is temporarily unavailable')
    if (stored.bytes.length > 20 * 1024 * 1024) throw badRequest('file is too big')
    return stored.file
  },
} satisfies Partial<Methods>

function formatted(text: unknown, mode: string | undefined) {
  if (typeof text !== 'string') throw badRequest('message text is empty')
  if (mode === undefined) return { text, entities: [] }
  if (mode.toLowerCase() !== 'html') throw badRequest(`unsupported parse_mode`)
  return parseHtml(text)
}

function captioned(args: { caption?: string; parse_mode?: string }) {
  const source = args.caption ?? ''
  const { text, entities } = formatted(source, args.parse_mode)
  if (text.length > LONGEST_CAPTION) throw badRequest('message caption is too long')
  return { text, entities, source }
}

function record({ bot }: Caller, { chat, messages }: FakeChat, args: Outgoing, what: Omit<Sent, 'chatId' | 'messageId'>): Sent {
  const replyTo = args.reply_parameters?.message_id
  const known = replyTo !== undefined && messages.has(replyTo)
  if (replyTo !== undefined && !known && !args.reply_parameters?.allow_sending_without_reply) {
    throw badRequest('message to be replied not found')
  }
  const sent: Sent = {
    ...what,
    chatId: chat.id,
    messageId: bot.nextMessageId++,
    ...(args.parse_mode !== undefined && { parseMode: args.parse_mode }),
    ...(known && { replyTo }),
  }
  messages.add(sent.messageId)
  bot.sent.put(sent)
  return sent
}

function message({ bot }: Caller, { chat }: FakeChat, { messageId }: Sent) {
  return { message_id: messageId, date: Math.floor(Date.now() / 1000), chat, from: bot.me }
}

function upload({ uploads }: Caller, reference: unknown) {
  const field = /^attach:\/\/(.+)$/.exec(String(reference))?.[1]
  const found = uploads.find((file) => file.field === field)
  if (!found) throw badRequest('wrong remote file identifier specified: Wrong string length')
  return found
}

/** PNG, JPEG, WebP by their first bytes. */
function isPicture(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 12).toString('latin1')
  return head.startsWith('\x89PNG') || head.startsWith('\xff\xd8\xff') || /^RIFF....WEBP/s.test(head)
}
