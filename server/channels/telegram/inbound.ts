import { sentAt } from '../../inbox/sentAt.ts'
import type { Inbound, InboundFile } from '../port.ts'
import { fileSource } from './fileSource.ts'
import { type MessageFile, messageFile } from './messageFile.ts'
import { placeholder } from './placeholder.ts'
import type { TelegramCallback, TelegramMessage, TelegramUpdate } from './update.ts'

/** Who wrote an update where, and what is stored of it if they may. */
export type Received = {
  senderId: string
  chatId: string
  private: boolean
  /** What may be a pairing code: only what somebody typed. */
  text: string
  inbound: Inbound
}

/** Undefined for updates that carry nothing to relay. relay:TG7, TG8, CUR11 */
export function readUpdate(update: TelegramUpdate): Received | undefined {
  if (update.message) return readMessage(update.update_id, update.message, false)
  if (update.edited_message) return readMessage(update.update_id, update.edited_message, true)
  if (update.callback_query) return readCallback(update.update_id, update.callback_query)
  return undefined
}

function readMessage(updateId: number, message: TelegramMessage, edited: boolean): Received {
  const file = messageFile(message)
  const seconds = edited ? message.edit_date : message.date
  return {
    ...place(message.from, message.chat),
    text: message.text ?? '',
    inbound: {
      from: name(message.from),
      content: message.text || message.caption || placeholder(message, file?.kind),
      metadata: {
        ...identify(updateId, message.from, message),
        ...(edited && { edited: true }),
        ...(seconds !== undefined && sentAt(seconds * 1000)),
        ...(message.media_group_id !== undefined && { mediaGroupId: message.media_group_id }),
      },
      target: String(message.chat.id),
      dedupKey: String(updateId),
      ...(file && { files: [asInbound(file)] }),
    },
  }
}

function asInbound({ filename, mimeType, fileId, size }: MessageFile): InboundFile {
  return { filename, mimeType, size, source: fileSource({ fileId, mimeType }) }
}

function readCallback(updateId: number, { id, from, message, data, game_short_name }: TelegramCallback): Received | undefined {
  if (!message) return undefined
  return {
    ...place(from, message.chat),
    text: '',
    inbound: {
      from: name(from),
      content: data || game_short_name || '[callback]',
      metadata: { ...identify(updateId, from, message), callbackQueryId: id },
      target: String(message.chat.id),
      dedupKey: String(updateId),
    },
  }
}

type Sender = TelegramMessage['from']
type Place = Pick<TelegramMessage, 'message_id' | 'chat'>

function place(from: Sender, chat: TelegramMessage['chat']) {
  return { senderId: from ? String(from.id) : '', chatId: String(chat.id), private: chat.type === 'private' }
}

function name(from: Sender): string {
  return from?.username || from?.first_name || 'unknown'
}

/** Ids as strings, like every id of the relay. relay:CUR11 */
function identify(updateId: number, from: Sender, { message_id, chat }: Place) {
  return {
    updateId: String(updateId),
    chatId: String(chat.id),
    senderId: from ? String(from.id) : '',
    messageId: String(message_id),
    chatType: chat.type,
    ...(chat.title && { chatTitle: chat.title }),
  }
}
