import { type ChannelHost, type Delivery, DeliveryFailure } from '../port.ts'
import type { DiscordClients } from './client.ts'
import { explain, isTrouble, readTrouble, type Trouble, UNKNOWN_CHANNEL } from './trouble.ts'

/** What the reply's owner is told, and whether to try again. The library's error stays behind: it holds what was sent. relay:REP8, CH11 */
export async function deliveryFailure(
  { host, clients }: { host: ChannelHost; clients: DiscordClients },
  { channel, reply }: Delivery,
  error: unknown,
): Promise<unknown> {
  if (!isTrouble(error)) return error
  const trouble = readTrouble(error)
  switch (trouble.kind) {
    case 'unauthorised': {
      clients.forget(clients.tokenOf(channel))
      const detail = explain(trouble)
      return new DeliveryFailure(detail, { permanent: true, channelState: { state: 'auth_failed', detail } })
    }
    case 'tooFast':
      return new DeliveryFailure(explain(trouble), { permanent: false, retryAfterMs: trouble.retryAfterMs })
    case 'unreachable':
      return new DeliveryFailure(explain(trouble), { permanent: false, uncertain: !trouble.neverSent })
    case 'refused':
      return new DeliveryFailure(await reason(host, channel.id, reply.target, trouble), { permanent: true })
  }
}

/** Discord's error code → what it means for the reader. `who` is the sender's name. */
const REASONS: Record<number, (who: string) => string> = {
  [UNKNOWN_CHANNEL]: () => 'Discord does not know this conversation any more.',
  40005: () => 'Discord does not take a file this large.',
  50001: () => 'The bot cannot see this channel any more. Add it to the channel again.',
  50006: () => 'Discord does not take an empty message.',
  50007: (who) => `${who} does not take direct messages from the bot, or shares no server with it any more.`,
  50013: () => 'The bot may not write in this channel. Give it the right to send messages.',
  50278: (who) => `${who} shares no server with the bot any more.`,
  160005: () => 'This thread is locked.',
}

async function reason(
  host: ChannelHost,
  channelId: string,
  target: string | undefined,
  trouble: Extract<Trouble, { kind: 'refused' }>,
): Promise<string> {
  const known = REASONS[trouble.code]
  if (!known) return explain(trouble)
  const origin = target === undefined ? undefined : await host.origin(channelId, { target })
  return known(origin?.from ?? 'The user')
}
