import type { ChannelRecord } from '../../store/records.ts'
import { senderAddress } from './address.ts'
import { allowedSenders, type EmailFacts, isAllowed } from './channelFacts.ts'
import type { Mail, Verdicts } from './mail.ts'
import { mailHeader } from './mailHeaders.ts'

/** Why a mail is not stored: nobody wrote it, the owner does not want it, or it may be a forgery (or that cannot be told now). */
export type Refused = { as: 'automatic' | 'unwanted' | 'unproven' | 'later'; reason: string }
type Admitted = { as: 'admitted'; sender: string }

/** Why a channel takes no mail at all at the moment; undefined when it does. relay:EML7, CH9 */
export function closedReason({ enabled }: ChannelRecord, { verified }: EmailFacts): string | undefined {
  if (!enabled) return 'The channel is switched off.'
  return verified ? undefined : 'The address of the channel is not confirmed yet.'
}

/**
 * Who wrote a mail, or why it is not stored. What machines send is refused before anybody's list is asked, so that no two of them answer each
 * other for ever. relay:EML9, EML10, EML11
 */
export function admit(mail: Mail, channel: ChannelRecord, facts: EmailFacts): Admitted | Refused {
  const machine = machineReason(mail)
  if (machine) return { as: 'automatic', reason: machine }
  const sender = senderAddress(mail.from)
  if (sender === undefined) return { as: 'unwanted', reason: 'The sender of a mail could not be read.' }
  if (!isAllowed(sender, allowedSenders(channel, facts))) return { as: 'unwanted', reason: `${sender} is not an allowed sender.` }
  const { proof } = mail
  if (proof.kind === 'untold' || proof.kind === 'given') return { as: 'admitted', sender }
  return {
    as: proof.kind === 'later' ? 'later' : 'unproven',
    reason: `Nothing proves that a mail was from ${sender}: ${words(proof.verdicts)}.`,
  }
}

function words({ spf, dkim, dmarc }: Verdicts): string {
  return `SPF ${spf}, DKIM ${dkim}, DMARC ${dmarc}`
}

function machineReason(mail: Mail): string | undefined {
  if (isNullSender(mail.from) || isNullSender(mailHeader(mail, 'return-path') ?? 'unknown')) {
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
