import type { ChannelState } from '#protocol/channel.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { allowedUsers } from '../pairing.ts'
import { kept } from './bot.ts'

const HIDDEN =
  'Discord hides what is written in servers from this bot. Switch on Message Content Intent in the developer portal (your app > Bot); the relay notices by itself. Direct messages and mentions arrive already.'

/** What a working connection means for the owner. `content`: Discord lets the bot read what is written in servers. relay:DC4 */
export function connectedStatus(channel: ChannelRecord, content: boolean): { state: ChannelState; detail?: string } {
  if (!content) return { state: 'degraded', detail: HIDDEN }
  if (allowedUsers(channel).length > 0) return { state: 'ok' }
  return {
    state: 'waiting_pairing',
    detail: `Add the bot to a server with its invite link, then send the pairing code to @${kept(channel, 'botUsername')} in a direct message.`,
  }
}
