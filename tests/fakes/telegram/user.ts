import type { Chat, Message, PhotoSize, User } from 'grammy/types'
import { addUpdate } from './bot.ts'
import type { FakeBot, FakeChat, InboundMessage } from './model.ts'

/** A file somebody sends. */
export type Given = { bytes: Buffer; filename?: string; mimeType?: string; caption?: string }
type Place = { chat?: FakeChat; bot?: FakeBot }

export type FakeUser = ReturnType<typeof createUser>

/** Somebody with a Telegram app. What they do reaches `bots()[0]` unless told otherwise; each call returns the update's message. */
export function createUser(user: User, defaultBot: FakeBot, onUpdate: (bot: FakeBot) => void) {
  function privateChat(bot: FakeBot): FakeChat {
    const known = bot.chats.get(user.id)
    if (known) return known
    const chat: Chat.PrivateChat = { id: user.id, type: 'private', first_name: user.first_name }
    const made: FakeChat = {
      chat: user.username ? { ...chat, username: user.username } : chat,
      messages: new Set(),
      blocked: false,
    }
    bot.chats.set(user.id, made)
    return made
  }

  /** Any message, by the members that make its kind. */
  function message(members: Partial<Message>, { bot = defaultBot, chat = privateChat(bot) }: Place = {}): InboundMessage {
    const made = {
      message_id: bot.nextMessageId++,
      date: Math.floor(Date.now() / 1000),
      from: user,
      chat: chat.chat,
      ...members,
    } as InboundMessage
    chat.messages.add(made.message_id)
    addUpdate(bot, { message: made })
    onUpdate(bot)
    return made
  }

  /** Makes bytes fetchable by getFile. */
  function store(bot: FakeBot, folder: string, { bytes, filename, mimeType = 'application/octet-stream' }: Given) {
    const fileId = `${folder}_${bot.files.size + 1}_${user.id}`
    const about = { file_id: fileId, file_unique_id: `u_${fileId}`, file_size: bytes.length }
    const file = { ...about, file_path: `${folder}/file_${bot.files.size}${filename ? `_${filename}` : ''}` }
    bot.files.set(fileId, { file, bytes, mimeType })
    return about
  }

  function captioned(caption: string | undefined) {
    return caption === undefined ? {} : { caption }
  }

  return {
    ...user,
    message,
    send: (text: string, place?: Place) => message({ text }, place),

    /** Telegram makes smaller sizes of a photo; only the largest is worth having. */
    sendPhoto(given: Given, place: Place = {}) {
      const bot = place.bot ?? defaultBot
      const size = (width: number, bytes: Buffer): PhotoSize => ({ ...store(bot, 'photos', { bytes }), width, height: width })
      const photo = [size(90, Buffer.from('tiny')), size(1280, given.bytes), size(320, Buffer.from('small'))]
      return message({ photo, ...captioned(given.caption) }, place)
    },

    sendDocument(given: Given, place: Place = {}) {
      const { filename, mimeType } = given
      const about = store(place.bot ?? defaultBot, 'documents', given)
      const document = { ...about, ...(filename && { file_name: filename }), ...(mimeType && { mime_type: mimeType }) }
      return message({ document, ...captioned(given.caption) }, place)
    },

    sendVoice(given: Given, place: Place = {}) {
      return message(
        { voice: { ...store(place.bot ?? defaultBot, 'voice', given), duration: 1 }, ...captioned(given.caption) },
        place,
      )
    },

    edit(original: InboundMessage, text: string, bot = defaultBot): void {
      const edited = { ...original, text, edit_date: Math.floor(Date.now() / 1000) }
      addUpdate(bot, { edited_message: edited })
      onUpdate(bot)
    },

    /** Presses a button of a bot's message. */
    press(data: string, { bot = defaultBot, chat = privateChat(bot) }: Place = {}): string {
      const id = String(bot.nextUpdateId)
      const from: Message = { message_id: bot.nextMessageId++, date: 1, chat: chat.chat, from: bot.me }
      addUpdate(bot, { callback_query: { id, from: user, chat_instance: 'fake', message: from, data } })
      onUpdate(bot)
      return id
    },

    block(bot = defaultBot): void {
      privateChat(bot).blocked = true
    },
    unblock(bot = defaultBot): void {
      privateChat(bot).blocked = false
    },
  }
}
