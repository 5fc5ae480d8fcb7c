import { addressParser } from 'postal-mime'
import { MAX_HTML_BYTES } from '#protocol/limits.ts'
import type { Delivered, Mailroom } from './mailroom.ts'
import type { Resend } from './resend.ts'
import { fromResend } from './resendMail.ts'
import type { MailSummary, ReceivedMail } from './resendModel.ts'
import { ProviderTrouble } from './trouble.ts'

/** A mail the provider tells of, before it is fetched. An empty list of recipients means that it did not tell them. */
export type Arrival = { mailId: string; recipients: string[] }

/** What became of a mail. `nobody`: no channel of this relay has that address. */
export type Taken = Delivered | { kind: 'nobody' }

export type Intake = ReturnType<typeof createIntake>

/** Takes one mail from the provider into the channels it is addressed to. relay:EML7 */
export function createIntake({ mailroom, resend }: { mailroom: Mailroom; resend: Resend }) {
  const { addressees, open, deliver, refuse } = mailroom

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
      const told = addressees(recipients)
      if (recipients.length > 0 && told.length === 0) return { kind: 'nobody' }
      const waiting = open(told)
      if (recipients.length > 0 && waiting.length === 0) return { kind: 'refused', as: 'unwanted' }
      const mail = await fetch(mailId)
      if (recipients.length > 0) return deliver(fromResend(mail), waiting, position)
      const found = addressees(recipientsOf(mail))
      return found.length > 0 ? deliver(fromResend(mail), open(found), position) : { kind: 'nobody' }
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
