import type { MessageOrigin, ReplyRecord } from '../../store/port.ts'
import { type ChannelAdapter, type ChannelHost, type Delivery, DeliveryFailure } from '../port.ts'
import { mailAddress } from './address.ts'
import { emailFacts } from './channelFacts.ts'
import type { Health } from './health.ts'
import type { MailSender } from './outgoingMail.ts'
import { type ReplyFile, replyMail } from './replyMail.ts'
import { deliveryFailure, ProviderTrouble } from './trouble.ts'

/** How replies leave: one mail each, with its files. relay:EML12, REP8, REP9 */
export function createReplies(relay: {
  host: ChannelHost
  sender: MailSender | undefined
  health: Health
}): Pick<ChannelAdapter, 'parts' | 'send'> {
  const { host, sender, health } = relay

  /** The mail that is answered, if it is of the one who gets the answer; else the newest of that sender. */
  async function originOf(reply: ReplyRecord, target: string): Promise<MessageOrigin | undefined> {
    const { replyTo } = reply.metadata
    const answered = typeof replyTo === 'string' ? await host.origin(reply.channelId, { messageId: replyTo }) : undefined
    return answered?.target === target ? answered : host.origin(reply.channelId, { target })
  }

  async function send({ channel, reply, file }: Delivery): Promise<{ platformMessageId: string }> {
    const facts = emailFacts(channel)
    if (!facts?.verified) throw refused('The address of the channel is not confirmed yet.')
    const to = mailAddress(reply.target ?? '')
    if (to === undefined) throw refused('Nobody has written to this address yet.')
    if (!sender) throw new DeliveryFailure('E-mail is not set up on this relay at the moment.', { permanent: false })
    const origin = await originOf(reply, to)
    const files: ReplyFile[] = []
    for (const index of reply.attachments.keys()) files.push(await file(index))
    const mail = replyMail({ reply, from: facts.inboundAddress, to, origin, files })
    try {
      const { id } = await sender.send(mail, reply.responseId)
      await health.worked('sending')
      return { platformMessageId: id }
    } catch (error) {
      if (!(error instanceof ProviderTrouble)) throw error
      // Sent before with other threading headers, and only the answer was lost.
      if (error.trouble.kind === 'repeated') return { platformMessageId: mail.headers['Message-ID'] ?? reply.responseId }
      await health.failed('sending', error)
      throw deliveryFailure(error)
    }
  }

  return { parts: (reply) => [{ kind: 'text', text: reply.content, index: 0 }], send }
}

function refused(reason: string): DeliveryFailure {
  return new DeliveryFailure(reason, { permanent: true })
}
