import { RelayError } from '#protocol/errors.ts'
import type { ChannelType, Metadata } from '#protocol/message.ts'
import { allowedUsers } from '../channels/pairing.ts'
import type { InboxStore } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'

/** The member of a reply's metadata that names its conversation. relay:REP5 */
const NAMED_BY: Record<Exclude<ChannelType, 'webhook'>, string> = {
  telegram: 'chatId',
  discord: 'discordChannelId',
  slack: 'slackChannelId',
  email: 'senderAddress',
}

/** Throws channel_disabled, not_paired, not_verified. relay:REP4 */
export function requireReady(channel: ChannelRecord): void {
  if (!channel.enabled) throw new RelayError('channel_disabled', 'This channel is switched off. Switch it on to reply through it.')
  if (channel.type === 'webhook') return
  if (channel.type === 'email') {
    if (channel.platform.verified !== true) {
      throw new RelayError(
        'not_verified',
        'The address of this channel is not confirmed yet. Open the link in the confirmation mail first.',
      )
    }
  } else if (allowedUsers(channel).length === 0) {
    throw new RelayError('not_paired', 'Nobody is paired with this channel yet. Send its pairing code to the bot first.')
  }
}

/**
 * The conversation a reply goes to: the one its metadata names, else that of the message it answers, else the last that wrote. Webhook
 * channels have none. Throws no_target. relay:REP5
 */
export async function findTarget(
  inbox: Pick<InboxStore, 'knowsTarget' | 'lastTarget' | 'origin'>,
  channel: ChannelRecord,
  { metadata, replyTo }: { metadata: Metadata; replyTo?: string },
): Promise<string | undefined> {
  if (channel.type === 'webhook') return undefined
  const named = conversationName(channel.type, metadata[NAMED_BY[channel.type]])
  if (named !== undefined) {
    if (await inbox.knowsTarget(channel.id, named)) return named
    throw new RelayError('no_target', `"${NAMED_BY[channel.type]}" names a conversation that never wrote to this channel.`)
  }
  const answered = replyTo === undefined ? undefined : await inbox.origin(channel.id, { messageId: replyTo })
  const target = answered?.target ?? (await inbox.lastTarget(channel.id))
  if (target === undefined)
    throw new RelayError('no_target', 'Nobody has written to this channel yet, so there is nobody to reply to.')
  return target
}

/** Platforms give ids as numbers too; addresses are kept in lower case. */
function conversationName(type: ChannelType, value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string' || value === '') return undefined
  return type === 'email' ? value.toLowerCase() : value
}
