import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { type ChannelHost, type Delivery, DeliveryFailure } from '../port.ts'
import type { SlackClients } from './client.ts'
import { deliveryFailure } from './deliveryFailure.ts'
import { isPlain } from './parts.ts'
import { createReplyThread } from './replyThread.ts'
import type { Threads } from './threads.ts'
import type { Upload } from './upload.ts'

/** The thread is gone or cannot be answered; the reply still has a reader. */
const NO_THREAD = new Set(['thread_not_found', 'cannot_reply_to_message', 'invalid_thread_ts', 'message_not_found'])

/** Hands one part of a reply to Slack. Throws DeliveryFailure. relay:SL5, REP8 */
export function createSending(relay: { host: ChannelHost; clients: SlackClients; threads: Threads; upload: Upload }) {
  const { host, clients, threads, upload } = relay
  const replyThread = createReplyThread(host)

  return async function send(delivery: Delivery): Promise<{ platformMessageId: string }> {
    const { channel, reply } = delivery
    const api = clients.of(channel)
    const { target } = reply
    if (!api) throw new DeliveryFailure('The bot of this channel is not connected. Add it again.', { permanent: true })
    if (target === undefined) throw new DeliveryFailure('There is no conversation to reply to yet.', { permanent: true })
    const thread = await replyThread(delivery)
    // Before it is sent: an answer to it may come at once.
    if (thread !== undefined) await threads.wrote(channel.id, target, thread)
    try {
      return { platformMessageId: await sendPart(api, delivery, { channel: target, thread }) }
    } catch (error) {
      throw await deliveryFailure(host, delivery, error)
    }
  }

  async function sendPart(
    api: WebClient,
    delivery: Delivery,
    to: { channel: string; thread: string | undefined },
  ): Promise<string> {
    try {
      return await sendThere(api, delivery, to)
    } catch (error) {
      const unthreaded = error instanceof WebAPIPlatformError && NO_THREAD.has(String(error.data.error))
      if (!unthreaded || to.thread === undefined) throw error
      return sendThere(api, delivery, { ...to, thread: undefined })
    }
  }

  async function sendThere(api: WebClient, { part, reply, file }: Delivery, to: { channel: string; thread: string | undefined }) {
    if (part.kind === 'file') return upload(api, await file(part.file), to)
    const { ts } = await api.chat.postMessage({
      channel: to.channel,
      text: part.text,
      mrkdwn: !isPlain(reply),
      ...(to.thread !== undefined && { thread_ts: to.thread }),
    })
    return ts ?? ''
  }
}
