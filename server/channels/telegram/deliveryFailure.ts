import { GrammyError, HttpError } from 'grammy'
import { type ChannelHost, type Delivery, DeliveryFailure } from '../port.ts'
import { explain, readTrouble, type Trouble } from './trouble.ts'

/** What the reply's owner is told, and whether to try again. The library's error stays behind: it holds what was sent. relay:REP8, CH11 */
export async function deliveryFailure(host: ChannelHost, { channel, reply }: Delivery, error: unknown): Promise<unknown> {
  if (!(error instanceof GrammyError || error instanceof HttpError)) return error
  const trouble = readTrouble(error)
  switch (trouble.kind) {
    case 'unauthorised': {
      const detail = explain(trouble)
      return new DeliveryFailure(detail, { permanent: true, channelState: { state: 'auth_failed', detail } })
    }
    case 'tooFast':
      return new DeliveryFailure(explain(trouble), { permanent: false, retryAfterMs: trouble.retryAfterMs })
    case 'conflict':
      return new DeliveryFailure(explain(trouble), { permanent: false })
    case 'unreachable':
      return new DeliveryFailure(explain(trouble), { permanent: false, uncertain: answerLost(error) })
    case 'refused':
      return new DeliveryFailure(await reason(host, channel.id, reply.target, trouble), { permanent: true })
  }
}

/** Failures before anything was sent. After all others Telegram may have taken the message; it does not know repeats. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** relay:REP9 */
function answerLost(error: GrammyError | HttpError): boolean {
  if (!(error instanceof HttpError)) return false
  const { cause } = error.error instanceof Error ? error.error : {}
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return !NEVER_CONNECTED.has(code)
}

/** Telegram's description → what it means for the reader. `who` is the sender's name. */
const REASONS: [RegExp, (who: string) => string][] = [
  [/blocked by the user/i, (who) => `${who} blocked the bot.`],
  [/user is deactivated/i, (who) => `The Telegram account of ${who} no longer exists.`],
  [/bot was kicked|not a member/i, () => 'The bot is no longer a member of this chat. Add it to the chat again.'],
  [/can't initiate conversation/i, (who) => `${who} has to write to the bot first.`],
  [/chat not found/i, () => 'Telegram does not know this chat any more.'],
  [/not enough rights|have no rights/i, () => 'The bot may not write in this chat. Give it the right to send messages.'],
  [/text is empty/i, () => 'Telegram does not take an empty message.'],
  [/too (?:big|large)/i, () => 'Telegram does not take a file this large.'],
]

async function reason(
  host: ChannelHost,
  channelId: string,
  target: string | undefined,
  trouble: Extract<Trouble, { kind: 'refused' }>,
): Promise<string> {
  const known = REASONS.find(([description]) => description.test(trouble.description))
  if (!known) return explain(trouble)
  const origin = target === undefined ? undefined : await host.origin(channelId, { target })
  return known[1](origin?.from ?? 'The user')
}
