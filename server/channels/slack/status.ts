import type { ChannelRecord } from '../../store/records.ts'
import { allowedUsers } from '../pairing.ts'

/** What a working connection means for the owner. `before` is what else is still to do before anybody can pair. */
export function connectedStatus(
  channel: ChannelRecord,
  before = '',
): { state: 'ok' } | { state: 'waiting_pairing'; detail: string } {
  if (allowedUsers(channel).length > 0) return { state: 'ok' }
  const send = `Send the pairing code to @${channel.platform.botUsername} in a direct message.`
  return { state: 'waiting_pairing', detail: before ? `${before} ${send}` : send }
}
