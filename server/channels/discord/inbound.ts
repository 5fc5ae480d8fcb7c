import { MessageType } from 'discord-api-types/v10'
import { isoDate, sentAt } from '../../inbox/sentAt.ts'
import type { Inbound, InboundFile } from '../port.ts'
import { fileSource } from './fileSource.ts'
import type { DiscordAttachment, DiscordMessage, DiscordUser } from './message.ts'
import { attachmentsOf, placeholder } from './placeholder.ts'

/** Who wrote where, and what is stored of it if they may. */
export type Received = {
  senderId: string
  chatId: string
  private: boolean
  /** What may be a pairing code: only what somebody typed. */
  text: string
  inbound: Inbound
}

/** Kinds of message that people write; others tell of joins, pins, boosts. */
const WRITTEN: ReadonlySet<number> = new Set([MessageType.Default, MessageType.Reply])
/** Discord announces as an edit whatever happens to an old message, a pin for example; one this old is no news, ms. */
const EDITS_KEPT_MS = 24 * 60 * 60_000

/** Undefined for what nobody wrote, and for what has neither text nor files. relay:DC5, CUR11 */
export function readMessage(message: DiscordMessage, edited: boolean, now: number): Received | undefined {
  const { id, author, channel_id, guild_id } = message
  if (author.bot || author.system || message.webhook_id || !WRITTEN.has(message.type ?? MessageType.Default)) return undefined
  const editedAt = edited ? message.edited_timestamp : undefined
  if (edited && !(editedAt && now - Date.parse(editedAt) < EDITS_KEPT_MS)) return undefined
  const files = attachmentsOf(message)
  const content = message.content || placeholder(message)
  if (!content && files.length === 0) return undefined
  return {
    senderId: author.id,
    chatId: channel_id,
    private: !guild_id,
    text: edited ? '' : (message.content ?? ''),
    inbound: {
      from: nameOf(author),
      content: content ?? '',
      metadata: {
        discordChannelId: channel_id,
        senderId: author.id,
        messageId: id,
        ...(guild_id && { guildId: guild_id }),
        ...(edited && { edited: true }),
        ...sentAt(isoDate(edited ? editedAt : message.timestamp)),
      },
      target: channel_id,
      dedupKey: editedAt ? `${id} ${editedAt}` : id,
      ...(files.length > 0 && { files: files.map((file) => asInbound(file, message)) }),
    },
  }
}

/** Whether it is meant for the bot: said to it, or an answer to it. relay:DC5 */
export function isForBot({ guild_id, mentions, referenced_message }: DiscordMessage, botId: string): boolean {
  return !guild_id || mentions?.some(({ id }) => id === botId) === true || referenced_message?.author.id === botId
}

export function nameOf(user: Pick<DiscordUser, 'username'>): string {
  return user.username || 'unknown'
}

function asInbound({ id, filename, size, url, content_type }: DiscordAttachment, message: DiscordMessage): InboundFile {
  const mimeType = content_type ?? 'application/octet-stream'
  const source = fileSource({ url, mimeType, channelId: message.channel_id, messageId: message.id, attachmentId: id })
  return { filename, mimeType, size, source }
}
