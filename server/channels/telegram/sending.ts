import { type Api, GrammyError, InputFile } from 'grammy'
import type { ChannelRecord } from '../../store/records.ts'
import { type ChannelHost, type Delivery, DeliveryFailure } from '../port.ts'
import type { TelegramClients } from './client.ts'
import { deliveryFailure } from './deliveryFailure.ts'
import { currentChat, rememberMigration } from './migration.ts'
import { isPlain, plainPart } from './parts.ts'
import { readTrouble } from './trouble.ts'

/** What Telegram shows as a picture; everything else goes as a document, bytes untouched. */
const PHOTO_TYPES = new Set(['image/png', 'image/jpeg', 'image/webp'])

type ReplyParameters = { reply_parameters?: { message_id: number; allow_sending_without_reply: true } }

/** Hands one part of a reply to Telegram. Throws DeliveryFailure. relay:TG9, TG11, REP8 */
export function createSending({ host, clients }: { host: ChannelHost; clients: TelegramClients }) {
  return async function send(delivery: Delivery): Promise<{ platformMessageId: string }> {
    const { channel, reply } = delivery
    const api = clients.of(channel)
    if (!api) throw new DeliveryFailure('The bot of this channel is not connected. Add it again.', { permanent: true })
    if (reply.target === undefined) throw new DeliveryFailure('There is no chat to reply to yet.', { permanent: true })
    const answers = await replyParameters(host, delivery)
    const target = await currentChat(host, channel.id, reply.target)
    try {
      return { platformMessageId: String(await following(channel, target, (chat) => sendPart(api, chat, delivery, answers))) }
    } catch (error) {
      throw await deliveryFailure(host, delivery, error)
    }
  }

  /** Sends once more to where the group has moved. */
  async function following(channel: ChannelRecord, chat: string, call: (chat: string) => Promise<number>): Promise<number> {
    try {
      return await call(chat)
    } catch (error) {
      const trouble = readTrouble(error)
      if (trouble.kind !== 'refused' || trouble.migratedTo === undefined) throw error
      await rememberMigration(host, channel.id, chat, trouble.migratedTo)
      return call(trouble.migratedTo)
    }
  }
}

async function sendPart(api: Api, chat: string, delivery: Delivery, answers: ReplyParameters): Promise<number> {
  const { part, reply } = delivery
  if (part.kind === 'file') return sendFile(api, chat, delivery, answers)
  if (isPlain(reply)) return (await api.sendMessage(chat, part.text, answers)).message_id
  try {
    return (await api.sendMessage(chat, part.text, { ...answers, parse_mode: 'HTML' })).message_id
  } catch (error) {
    if (!refusedWith(error, /can't parse entities|unsupported start tag/i)) throw error
    return (await api.sendMessage(chat, plainPart(reply, part.index), answers)).message_id
  }
}

async function sendFile(api: Api, chat: string, { part, file }: Delivery, answers: ReplyParameters): Promise<number> {
  if (part.kind !== 'file') throw new Error('A text part has no file.')
  const { filename, mimeType, bytes } = await file(part.file)
  const upload = () => new InputFile(bytes, headerSafe(filename))
  if (PHOTO_TYPES.has(mimeType)) {
    try {
      return (await api.sendPhoto(chat, upload(), answers)).message_id
    } catch (error) {
      // Too large, too narrow or not a picture after all.
      if (!refusedWith(error, /photo|image/i)) throw error
    }
  }
  return (await api.sendDocument(chat, upload(), answers)).message_id
}

function refusedWith(error: unknown, description: RegExp): boolean {
  return error instanceof GrammyError && error.error_code === 400 && description.test(error.description)
}

/** The library writes the name into a header without quotes. */
function headerSafe(filename: string): string {
  return `"${filename.replace(/[\r\n]/g, ' ').replace(/["\\]/g, '_')}"`
}

/** Only the first part refers to the answered message, and only in the chat where it was written. */
async function replyParameters(host: ChannelHost, { channel, reply, part }: Delivery): Promise<ReplyParameters> {
  const { replyTo } = reply.metadata
  if (part.index > 0 || typeof replyTo !== 'string') return {}
  const origin = await host.origin(channel.id, { messageId: replyTo })
  const messageId = Number(origin?.metadata.messageId)
  if (!Number.isSafeInteger(messageId) || origin?.target !== reply.target) return {}
  return { reply_parameters: { message_id: messageId, allow_sending_without_reply: true } }
}
