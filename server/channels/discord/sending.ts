import { createHash } from 'node:crypto'
import type { API } from '@discordjs/core/http-only'
import * as z from 'zod'
import type { MessageOrigin } from '../../store/port.ts'
import { type ChannelHost, type Delivery, DeliveryFailure, type Taken } from '../port.ts'
import { kept } from './bot.ts'
import type { DiscordClients } from './client.ts'
import { deliveryFailure } from './deliveryFailure.ts'
import type { InteractionTokens } from './interactionTokens.ts'
import { INVALID_WEBHOOK_TOKEN, isTrouble, readTrouble, UNKNOWN_WEBHOOK } from './trouble.ts'

/** Discord's limit, characters. */
const NONCE_LENGTH = 25
/** Discord knows a nonce "for the past few minutes"; counted from the last attempt that is on record, ms. */
const NONCE_KNOWN_MS = 2 * 60_000

const sentSchema = z.object({ id: z.string() })

type Body = NonNullable<Parameters<API['channels']['createMessage']>[1]>

/** Hands one part of a reply to Discord. Throws DeliveryFailure. relay:DC8, REP8, REP9 */
export function createSending(relay: { host: ChannelHost; clients: DiscordClients; tokens: InteractionTokens; now: () => number }) {
  const { host, clients, tokens, now } = relay

  return async function send(delivery: Delivery): Promise<Taken> {
    const { channel, reply, part } = delivery
    const api = await clients.of(channel)
    const { target } = reply
    if (!api) throw new DeliveryFailure('The bot of this channel is not connected. Add it again.', { permanent: true })
    if (target === undefined) throw new DeliveryFailure('There is nobody to reply to yet.', { permanent: true })
    const content = await contentOf(delivery)
    const origin = await answered(delivery, target)
    try {
      const byToken = await followUp(api, delivery, content, origin)
      if (byToken !== undefined) return { platformMessageId: byToken, repeatable: true }
      const body: Body = {
        ...content,
        nonce: nonceOf(reply.responseId, part.index),
        enforce_nonce: true,
        ...reference(delivery, origin),
      }
      const { id } = sentSchema.parse(await api.channels.createMessage(target, body))
      return { platformMessageId: id, ...(now() - reply.updatedAt > NONCE_KNOWN_MS && { repeatable: true }) }
    } catch (error) {
      throw await deliveryFailure({ host, clients }, delivery, error)
    }
  }

  /** The message a reply answers, if it was written where the reply goes. */
  async function answered({ channel, reply }: Delivery, target: string): Promise<MessageOrigin | undefined> {
    const { replyTo } = reply.metadata
    const wanted = typeof replyTo === 'string' ? { messageId: replyTo } : { target }
    const origin = await host.origin(channel.id, wanted)
    return origin?.target === target ? origin : undefined
  }

  /** The id of what was sent, or undefined where there is no interaction to answer, or not any more. */
  async function followUp(
    api: API,
    { channel }: Delivery,
    content: Body,
    origin: MessageOrigin | undefined,
  ): Promise<string | undefined> {
    const interactionId = origin?.metadata.interactionId
    if (typeof interactionId !== 'string') return undefined
    const token = await tokens.find(channel.id, interactionId)
    if (token === undefined) return undefined
    try {
      return sentSchema.parse(await api.interactions.followUp(kept(channel, 'applicationId'), token, content)).id
    } catch (error) {
      if (isOver(error)) return undefined
      throw error
    }
  }
}

async function contentOf({ part, file }: Delivery): Promise<Body> {
  // Nobody is called by what an agent writes: neither @everyone nor the answered.
  const quietly: Body = { allowed_mentions: { parse: [], replied_user: false } }
  if (part.kind === 'text') return { ...quietly, content: part.text }
  const { filename, mimeType, bytes } = await file(part.file)
  return { ...quietly, files: [{ name: filename, contentType: mimeType, data: bytes }] }
}

/** Only the first part refers to the answered message. */
function reference({ reply, part }: Delivery, origin: MessageOrigin | undefined): Body {
  const messageId = origin?.metadata.messageId
  if (part.index > 0 || typeof reply.metadata.replyTo !== 'string' || typeof messageId !== 'string') return {}
  if (origin?.metadata.interactionId !== undefined) return {}
  return { message_reference: { message_id: messageId, fail_if_not_exists: false } }
}

/** The same part has the same nonce, however often it is handed over. relay:REP9 */
function nonceOf(responseId: string, index: number): string {
  return createHash('sha256').update(`${responseId} ${index}`).digest('base64url').slice(0, NONCE_LENGTH)
}

function isOver(error: unknown): boolean {
  if (!isTrouble(error)) return false
  const trouble = readTrouble(error)
  return trouble.kind === 'refused' && (trouble.code === UNKNOWN_WEBHOOK || trouble.code === INVALID_WEBHOOK_TOKEN)
}
