import type { ChannelRecord } from '../../store/records.ts'
import { senderAddress } from './address.ts'
import { allowedSenders, type EmailFacts, isAllowed } from './channelFacts.ts'
import { mailHeader } from './mailHeaders.ts'
import type { ReceivedMail } from './resendModel.ts'

/** Why a channel takes no mail at all at the moment; undefined when it does. relay:EML7, CH9 */
export function closedReason({ enabled }: ChannelRecord, { verified }: EmailFacts): string | undefined {
  if (!enabled) return 'The channel is switched off.'
  return verified ? undefined : 'The address of the channel is not confirmed yet.'
}

/**
 * Who wrote a mail, or why it is not stored. What machines send is refused before anybody's list is asked, so that no two of them answer each
 * other for ever. relay:EML10, EML11
 */
export function admit(
  mail: ReceivedMail,
  channel: ChannelRecord,
  facts: EmailFacts,
): { sender: string; refused?: undefined } | { refused: string } {
  const machine = machineReason(mail)
  if (machine) return { refused: machine }
  const sender = senderAddress(mail.from ?? '')
  if (sender === undefined) return { refused: 'The sender of a mail could not be read.' }
  if (!isAllowed(sender, allowedSenders(channel, facts))) return { refused: `${sender} is not an allowed sender.` }
  return { sender }
}

function machineReason(mail: ReceivedMail): string | undefined {
  if (isNullSender(mail.from ?? '') || isNullSender(mailHeader(mail, 'return-path') ?? 'unknown')) {
    return 'The mail has no sender (a bounce or a receipt).'
  }
  const automatic = firstWord(mailHeader(mail, 'auto-submitted') ?? 'no')
  if (automatic !== 'no') return 'The mail was sent automatically.'
  const precedence = firstWord(mailHeader(mail, 'precedence') ?? '')
  return precedence === 'bulk' || precedence === 'list' ? 'The mail was sent to many.' : undefined
}

function isNullSender(address: string): boolean {
  const bare = address.trim()
  return bare === '' || bare.endsWith('<>')
}

/** Without parameters and comments. */
function firstWord(value: string): string {
  return (
    value
      .trim()
      .toLowerCase()
      .split(/[\s;(]/, 1)[0] ?? ''
  )
}
