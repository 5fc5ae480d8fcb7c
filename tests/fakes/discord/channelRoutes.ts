import type {
  APIAttachment,
  APIMessage,
  RESTGetAPIChannelMessagesResult,
  RESTPostAPIChannelMessageJSONBody,
} from 'discord-api-types/v10'
import type { Upload } from '../request.ts'
import { channelOf } from './lookupRoutes.ts'
import { createMessage, withFreshFiles } from './messages.ts'
import type { FakeBot, FakeChannel, Sent } from './model.ts'
import { invalidForm, Refusal, unknownMessage } from './refusal.ts'
import type { Call, OpenCall, Routes } from './routes.ts'
import { storeFile, type World } from './world.ts'

/** Characters of one message, as Discord counts them. */
const LONGEST_CONTENT = 2000
const LONGEST_NONCE = 25
/** So long a nonce is known, ms. */
const NONCE_KNOWN_MS = 5 * 60_000
const MOST_FILE_BYTES = 10 * 1024 * 1024

/** What bots read and say in channels. */
export const channelRoutes = {
  'GET /channels/:channelId/messages': (call): RESTGetAPIChannelMessagesResult => {
    const { messages } = channelOf(call)
    const limit = Number(call.query.limit ?? 50)
    if (!(limit >= 1 && limit <= 100)) throw invalidForm('limit')
    const { after } = call.query
    const found =
      after === undefined ? messages.slice(-limit) : messages.filter(({ id }) => BigInt(id) > BigInt(after)).slice(0, limit)
    return found.map((message) => withFreshFiles(call.world, message)).reverse()
  },

  'GET /channels/:channelId/messages/:messageId': (call): APIMessage => {
    const found = channelOf(call).messages.find(({ id }) => id === call.params.messageId)
    if (!found) throw unknownMessage()
    return withFreshFiles(call.world, found)
  },

  'POST /channels/:channelId/messages': (call): APIMessage => {
    const channel = channelOf(call)
    const known = repeated(call, channel)
    if (known) return known
    return post(call, call.bot, channel, 'channel')
  },

  'POST /channels/:channelId/typing': (call) => {
    call.bot.typing.put({ channelId: channelOf(call).id })
  },
} satisfies Routes

/** The message that was made with the same nonce a moment ago. */
function repeated({ world, bot, body }: Call, { messages }: FakeChannel): APIMessage | undefined {
  const { nonce, enforce_nonce } = body
  if (enforce_nonce !== true || nonce === undefined) return undefined
  if (String(nonce).length > LONGEST_NONCE) throw invalidForm('nonce')
  const since = world.now() - NONCE_KNOWN_MS
  return messages.find((message) => {
    return message.nonce === nonce && message.author.id === bot.user.id && Date.parse(message.timestamp) >= since
  })
}

/** A message of the bot, checked as the real API does. */
export function post({ world, body, uploads }: OpenCall, bot: FakeBot, channel: FakeChannel, by: Sent['by']): APIMessage {
  const { content = '', nonce, allowed_mentions, message_reference } = body as RESTPostAPIChannelMessageJSONBody
  if ([...content].length > LONGEST_CONTENT)
    throw invalidForm(`content[BASE_TYPE_MAX_LENGTH]: Must be ${LONGEST_CONTENT} or fewer in length.`)
  if (content.trim() === '' && uploads.length === 0) throw new Refusal(400, 50006, 'Cannot send an empty message')
  if (uploads.some(({ bytes }) => bytes.length > MOST_FILE_BYTES)) throw new Refusal(413, 40005, 'Request entity too large')
  const replyTo = channel.messages.find(({ id }) => id === message_reference?.message_id)
  if (message_reference && !replyTo && message_reference.fail_if_not_exists !== false)
    throw invalidForm('message_reference: Unknown message')
  const message = createMessage(world, channel, {
    author: bot.user,
    content,
    attachments: uploads.map((upload) => attachment(world, upload)),
    ...(replyTo && { replyTo }),
    ...(nonce !== undefined && { more: { nonce } }),
  })
  const [file] = uploads
  bot.sent.put({
    by,
    channelId: channel.id,
    messageId: message.id,
    content,
    nonce: nonce === undefined ? undefined : String(nonce),
    allowedMentions: allowed_mentions,
    replyTo: replyTo?.id,
    file: file && { filename: file.filename, contentType: file.mimeType, bytes: file.bytes },
  })
  return message
}

function attachment(world: World, { filename, bytes, mimeType }: Upload): APIAttachment {
  const { id, url } = storeFile(world, filename, bytes, mimeType)
  return { id, filename, size: bytes.length, url, proxy_url: url, content_type: mimeType }
}
