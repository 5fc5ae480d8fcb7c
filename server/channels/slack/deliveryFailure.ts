import { SlackError, WebAPIRequestError } from '@slack/web-api'
import { type ChannelHost, type Delivery, DeliveryFailure } from '../port.ts'
import { explain, readTrouble, type Trouble } from './trouble.ts'

/** What the reply's owner is told, and whether to try again. The library's error stays behind: it holds what was sent. relay:REP8, CH11 */
export async function deliveryFailure(host: ChannelHost, { channel, reply }: Delivery, error: unknown): Promise<unknown> {
  if (!(error instanceof SlackError)) return error
  const trouble = readTrouble(error)
  const sentence = explain(trouble)
  switch (trouble.kind) {
    case 'unauthorised':
      return new DeliveryFailure(sentence, { permanent: true, channelState: { state: 'auth_failed', detail: sentence } })
    case 'tooFast':
      return new DeliveryFailure(sentence, { permanent: false, retryAfterMs: trouble.retryAfterMs })
    case 'unreachable':
      return new DeliveryFailure(sentence, { permanent: false, uncertain: answerLost(error) })
    case 'refused':
      return new DeliveryFailure(await reason(host, channel.id, reply.target, trouble), { permanent: true })
  }
}

/** Failures before anything was sent. After all others Slack may have taken the message; it does not know repeats. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** relay:REP9 */
function answerLost(error: SlackError): boolean {
  return !(error instanceof WebAPIRequestError) || !neverConnected(error.original)
}

/** Also for what is fetched without the library. */
export function neverConnected(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && NEVER_CONNECTED.has(String(cause.code))
}

/** Slack's error → what it means for the reader. `who` is the sender's name. */
const REASONS: Record<string, (who: string) => string> = {
  channel_not_found: () => 'Slack does not know this conversation any more, or the bot is no longer in it. Invite it again.',
  not_in_channel: () => 'The bot is not a member of this channel. Invite it to the channel.',
  is_archived: () => 'This channel is archived.',
  user_disabled: (who) => `The Slack account of ${who} is deactivated.`,
  messages_tab_disabled: () => 'The app does not take messages. Switch on the messages tab under "App Home" of the app.',
  restricted_action: () => 'The workspace does not let the bot write here.',
  restricted_action_read_only_channel: () => 'Only some people may write in this channel, and the bot is none of them.',
  restricted_action_thread_only_channel: () => 'In this channel the bot may only answer in threads.',
  msg_too_long: () => 'Slack does not take a message this long.',
  no_text: () => 'Slack does not take an empty message.',
  file_uploads_disabled: () => 'File uploads are switched off in this workspace.',
  storage_limit_reached: () => 'The workspace has no room for more files.',
}

async function reason(
  host: ChannelHost,
  channelId: string,
  target: string | undefined,
  trouble: Extract<Trouble, { kind: 'refused' }>,
): Promise<string> {
  const known = REASONS[trouble.error]
  if (!known) return explain(trouble)
  const origin = target === undefined ? undefined : await host.origin(channelId, { target })
  return known(origin?.from ?? 'the user')
}
