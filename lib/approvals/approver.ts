import * as z from 'zod/mini'
import type { ChannelConfig } from '#protocol/channel.ts'
import type { InboxMessage } from '../inbox/model.ts'

const names = z.catch(z.array(z.string()), [])
const channelSchema = z.object({
  allowedUsers: names,
  allowedSenders: names,
  userEmail: z.catch(z.optional(z.string()), undefined),
})
const senderSchema = z.object({
  senderId: z.catch(z.optional(z.string()), undefined),
  senderAddress: z.catch(z.optional(z.string()), undefined),
  /** relay:EML9: the verdicts on a mail, or `unknown`. */
  auth: z.catch(z.optional(z.object({ dmarc: z.catch(z.string(), ''), aligned: z.catch(z.boolean(), false) })), undefined),
})

/**
 * Whether the sender of this message may decide: named one by one in the channel's list, and for mail proven to be who it says. A list entry
 * for many (`*`, `@domain`) names nobody. client:APR10
 */
export function isApprover({ type, metadata }: ChannelConfig, message: Pick<InboxMessage, 'channelType' | 'metadata'>): boolean {
  const { allowedUsers, allowedSenders, userEmail } = channelSchema.parse(metadata)
  const { senderId, senderAddress, auth } = senderSchema.parse(message.metadata)
  if (type !== message.channelType) return false
  switch (type) {
    case 'webhook':
      return false
    case 'email': {
      // An empty list lets in the owner alone. relay:EML10
      const senders = allowedSenders.length > 0 ? allowedSenders : userEmail === undefined ? [] : [userEmail]
      const isProven = auth?.dmarc === 'pass' || auth?.aligned === true
      return (
        isProven &&
        isNamed(
          senderAddress?.toLowerCase(),
          senders.map((entry) => entry.trim().toLowerCase()),
        )
      )
    }
    default:
      return isNamed(senderId, allowedUsers)
  }
}

function isNamed(sender: string | undefined, list: readonly string[]): boolean {
  return sender !== undefined && sender !== '' && list.some((entry) => entry === sender && entry !== '*' && !entry.startsWith('@'))
}
