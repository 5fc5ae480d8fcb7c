import { addressParser } from 'postal-mime'
import { MAX_HTML_BYTES } from '#protocol/limits.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { ChannelHost } from '../port.ts'
import { type EmailFacts, emailChannels, emailFacts } from './channelFacts.ts'
import { toInbound } from './content.ts'
import { admit, closedReason } from './refusal.ts'
import type { Resend } from './resend.ts'
import type { MailSummary, ReceivedMail } from './resendModel.ts'
import { ProviderTrouble } from './trouble.ts'

/** A mail the provider tells of, before it is fetched. An empty list of recipients means that it did not tell them. */
export type Arrival = { mailId: string; recipients: string[] }

/** What became of a mail. `nobody`: no channel of this relay has that address. */
export type Taken = { kind: 'stored'; messageId: string; duplicate: boolean } | { kind: 'refused' } | { kind: 'nobody' }

export type Intake = ReturnType<typeof createIntake>

type Addressee = { channel: ChannelRecord; facts: EmailFacts }

/** Takes one mail from the provider into the channels it is addressed to. relay:EML7, EML10, EML11 */
export function createIntake({ host, resend, log }: { host: ChannelHost; resend: Resend; log: Pick<Log, 'info'> }) {
  function addressees(recipients: readonly string[]): Addressee[] {
    return emailChannels(host).flatMap((channel) => {
      const facts = emailFacts(channel)
      return facts && recipients.includes(facts.inboundAddress) ? [{ channel, facts }] : []
    })
  }

  function refuse({ channel }: Addressee, reason: string): void {
    host.rejected(channel.id, reason)
    log.info({ channelId: channel.id }, 'A mail was refused.')
  }

  /** Those who take mail at all; the others have it counted. */
  function open(found: readonly Addressee[]): Addressee[] {
    return found.filter((addressee) => {
      const reason = closedReason(addressee.channel, addressee.facts)
      if (reason) refuse(addressee, reason)
      return reason === undefined
    })
  }

  async function fetch(mailId: string): Promise<ReceivedMail> {
    const mail = await fetchText(mailId)
    if (!mail.attachments?.some((file) => typeof file.size !== 'number')) return mail
    return { ...mail, attachments: (await resend.files(mailId)).data }
  }

  /** With the pictures inside its HTML, unless they make it too large to be kept. relay:ATT3 */
  async function fetchText(mailId: string): Promise<ReceivedMail> {
    try {
      const mail = await resend.mail(mailId, 'data_uri')
      if (Buffer.byteLength(mail.html ?? '') <= MAX_HTML_BYTES) return mail
    } catch (error) {
      if (!(error instanceof ProviderTrouble) || error.trouble.kind !== 'tooLarge') throw error
    }
    return resend.mail(mailId, 'cid')
  }

  return {
    /** Whether a mail with these recipients may be for a channel of this relay. */
    concerns: (recipients: readonly string[]): boolean => recipients.length === 0 || addressees(recipients).length > 0,

    /** A mail that cannot be fetched at all is counted like a refused one. */
    lost(recipients: readonly string[]): void {
      for (const addressee of addressees(recipients)) refuse(addressee, 'The provider could not hand over a mail.')
    },

    /**
     * Resolves after the commit. `position` is committed with the message. Throws ProviderTrouble when the mail cannot be fetched and
     * storage_unavailable when it cannot be kept; taking it again is safe then.
     */
    async take({ mailId, recipients }: Arrival, position?: { key: string; value: string }): Promise<Taken> {
      let waiting: Addressee[] | undefined
      if (recipients.length > 0) {
        const found = addressees(recipients)
        if (found.length === 0) return { kind: 'nobody' }
        waiting = open(found)
        if (waiting.length === 0) return { kind: 'refused' }
      }
      const mail = await fetch(mailId)
      if (!waiting) {
        const found = addressees(recipientsOf(mail))
        if (found.length === 0) return { kind: 'nobody' }
        waiting = open(found)
      }
      const copies = waiting.flatMap((addressee) => {
        const admitted = admit(mail, addressee.channel, addressee.facts)
        if (admitted.refused === undefined)
          return [{ channel: addressee.channel, inbound: toInbound(mail, admitted.sender, addressee.facts.inboundAddress) }]
        refuse(addressee, admitted.refused)
        return []
      })
      let taken: Taken = { kind: 'refused' }
      for (const { channel, inbound } of copies) {
        // With the last copy only: a crash before it must not leave a mail that counts as done.
        const positions = position && channel === copies.at(-1)?.channel ? { positions: [position] } : {}
        const stored = await host.ingest(channel, { ...inbound, ...positions })
        if (taken.kind !== 'stored') taken = { kind: 'stored', ...stored }
      }
      return taken
    },
  }
}

/** Whom a mail was sent to, in lower case. */
export function recipientsOf({ to, cc, bcc, received_for }: Pick<MailSummary, 'to' | 'cc' | 'bcc' | 'received_for'>): string[] {
  const fields = [to, cc, bcc, received_for].flatMap((field) => field ?? [])
  const found = fields
    .flatMap((field) => addressParser(field, { flatten: true }))
    .map(({ address }) => address?.toLowerCase() ?? '')
  return [...new Set(found.filter((address) => address !== ''))]
}
