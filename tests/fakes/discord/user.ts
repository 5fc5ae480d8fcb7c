import { type APIAttachment, type APIMessage, type APIUser, GatewayIntentBits } from 'discord-api-types/v10'
import type { FakeGateway } from './gateway.ts'
import { createMessage, type MessageParts } from './messages.ts'
import type { FakeBot, FakeChannel } from './model.ts'
import { directChannel, storeFile, type World } from './world.ts'

export type Given = { filename: string; bytes: Buffer; contentType?: string; content?: string }
/** `at`: written at another time, epoch milliseconds. */
type Place = { channel?: FakeChannel; replyTo?: APIMessage; mentions?: APIUser[]; at?: number; more?: Partial<APIMessage> }

export type FakeUser = ReturnType<typeof createUser>

/** Somebody with a Discord app. Without a channel named they write to the bot directly. Each call returns the message. */
export function createUser(user: APIUser, world: World, gateway: FakeGateway, bot: FakeBot) {
  const direct = (): FakeChannel => directChannel(world, user.id)

  function write(parts: Omit<MessageParts, 'author'>, { channel = direct(), at, replyTo, mentions, more }: Place): APIMessage {
    const extras = { ...(replyTo && { replyTo }), ...(mentions && { mentions }), ...(more && { more }) }
    const message = createMessage(world, channel, { author: user, ...parts, ...extras }, at)
    gateway.message(bot, 'MESSAGE_CREATE', message, channel.guildId)
    return message
  }

  function attach({ filename, bytes, contentType = 'application/octet-stream' }: Given): APIAttachment {
    const { id, url } = storeFile(world, filename, bytes, contentType)
    return { id, filename, size: bytes.length, url, proxy_url: url, content_type: contentType }
  }

  return {
    ...user,
    direct,
    send: (content: string, place: Place = {}): APIMessage => write({ content }, place),
    sendFile: (given: Given, place: Place = {}): APIMessage =>
      write({ content: given.content ?? '', attachments: [attach(given)] }, place),
    sendFiles: (files: Given[], place: Place = {}): APIMessage => write({ attachments: files.map(attach) }, place),

    edit(message: APIMessage, content: string): void {
      message.content = content
      message.edited_timestamp = new Date(world.now()).toISOString()
      gateway.message(bot, 'MESSAGE_UPDATE', message, world.channels.get(message.channel_id)?.guildId)
    },
    /** Discord announces as an update what nobody wrote: a preview was made, a message was pinned. */
    touch(message: APIMessage, more: Partial<APIMessage>): void {
      Object.assign(message, more)
      gateway.message(bot, 'MESSAGE_UPDATE', message, world.channels.get(message.channel_id)?.guildId)
    },
    startTyping(channel = direct()): void {
      const { id: channel_id, guildId } = channel
      const timestamp = Math.floor(world.now() / 1000)
      const event = { channel_id, user_id: user.id, timestamp, ...(guildId && { guild_id: guildId }) }
      const intent = guildId ? GatewayIntentBits.GuildMessageTyping : GatewayIntentBits.DirectMessageTyping
      gateway.dispatch(bot, 'TYPING_START', event, intent)
    },
  }
}
