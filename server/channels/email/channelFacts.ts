import type { ChannelRecord } from '../../store/records.ts'
import type { ChannelHost } from '../port.ts'

/** What an e-mail channel keeps in `platform`. relay:CH6 */
export type EmailFacts = { userEmail: string; inboundAddress: string; verified: boolean }

/** Undefined for a channel that was created without being registered. relay:CH2 */
export function emailFacts({ type, platform }: ChannelRecord): EmailFacts | undefined {
  const { userEmail, inboundAddress, verified } = platform
  if (type !== 'email' || typeof userEmail !== 'string' || typeof inboundAddress !== 'string') return undefined
  return { userEmail, inboundAddress, verified: verified === true }
}

/** Every registered e-mail channel of the relay. */
export function emailChannels(host: Pick<ChannelHost, 'find'>): ChannelRecord[] {
  const found: ChannelRecord[] = []
  host.find((channel) => {
    if (emailFacts(channel)) found.push(channel)
    return false
  })
  return found
}

/** The senders the owner lets in, in lower case; an empty list lets in the owner's own address. relay:EML10 */
export function allowedSenders({ metadata }: ChannelRecord, { userEmail }: EmailFacts): string[] {
  const given = Array.isArray(metadata.allowedSenders) ? metadata.allowedSenders : []
  const wanted = given.filter((entry) => typeof entry === 'string').map((entry) => entry.trim().toLowerCase())
  return wanted.length > 0 ? wanted : [userEmail]
}

/** An entry is an address, `@domain` (that domain, none below it) or `*`. relay:EML10 */
export function isAllowed(sender: string, allowed: readonly string[]): boolean {
  const domain = sender.slice(sender.lastIndexOf('@'))
  return allowed.some((entry) => entry === '*' || entry === domain || entry === sender)
}

/** What a channel's status is when nothing is wrong. */
export function restingStatus({ verified, userEmail }: EmailFacts): { state: 'ok' | 'waiting_verification'; detail?: string } {
  if (verified) return { state: 'ok' }
  return { state: 'waiting_verification', detail: `Press Confirm on the page linked in the mail to ${userEmail}.` }
}
