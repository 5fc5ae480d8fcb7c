import { type APIAttachment, type APIMessage, type APIUser, MessageType } from 'discord-api-types/v10'
import type { FakeChannel } from './model.ts'
import { FILE_LIFE_MS, fileUrl, type World } from './world.ts'

export type MessageParts = {
  author: APIUser
  content?: string
  attachments?: APIAttachment[]
  mentions?: APIUser[]
  replyTo?: APIMessage
  more?: Partial<APIMessage>
}

/** A message as the REST API gives it: unlike the Gateway's, without `guild_id`. `at` for one of another time. */
export function createMessage(world: World, channel: FakeChannel, parts: MessageParts, at?: number): APIMessage {
  const { author, content = '', attachments = [], mentions = [], replyTo, more } = parts
  const message: APIMessage = {
    id: at === undefined ? world.ids.next() : world.ids.at(at),
    type: replyTo ? MessageType.Reply : MessageType.Default,
    channel_id: channel.id,
    author,
    content,
    timestamp: new Date(at ?? world.now()).toISOString(),
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions,
    mention_roles: [],
    attachments,
    embeds: [],
    pinned: false,
    ...(replyTo && {
      referenced_message: replyTo,
      message_reference: { message_id: replyTo.id, channel_id: channel.id },
    }),
    ...more,
  }
  channel.messages.push(message)
  channel.messages.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
  return message
}

/** With addresses that are good now: Discord signs them anew each time. */
export function withFreshFiles(world: World, message: APIMessage): APIMessage {
  return {
    ...message,
    attachments: message.attachments.map((attachment) => {
      const file = world.files.get(new URL(attachment.url).pathname)
      if (file && file.validUntil < world.now()) file.validUntil = world.now() + FILE_LIFE_MS
      return file ? { ...attachment, url: fileUrl(world, file) } : attachment
    }),
  }
}

/** What a bot without the Message Content Intent sees of a message that is neither to it nor about it. */
export function withoutContent(message: APIMessage, botId: string): APIMessage {
  if (message.author.id === botId || message.mentions.some(({ id }) => id === botId)) return message
  return { ...message, content: '', attachments: [], embeds: [] }
}
