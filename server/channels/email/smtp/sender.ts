import type { SmtpOut } from '../../../smtpSettings.ts'
import type { MailSender, OutgoingMail } from '../outgoingMail.ts'

/**
 * Hands mail to the operator's mail server. A mail repeated because an answer was lost keeps its Message-ID, by which readers can tell, but the
 * server itself does not: so repeats are not recognised. `domain` is what the relay calls itself. relay:EML12, REP9
 */
export function createSmtpSender({ out, domain, stop }: { out: SmtpOut; domain: string; stop: AbortSignal }): MailSender {
  return {
    recognisesRepeats: false,
    async send(mail) {
      // Loaded with the first mail: a relay that sends none does not pay for it.
      const [{ default: MailComposer }, { converse }] = await Promise.all([
        import('nodemailer/lib/mail-composer'),
        import('./conversation.ts'),
      ])
      const composed = new MailComposer(parts(mail)).compile()
      const envelope = { from: bareAddress(mail.from), to: mail.to }
      await converse({ out, domain, envelope, raw: await composed.build(), stop })
      return { id: composed.messageId() }
    },
  }
}

function parts({ from, to, subject, text, html, headers, attachments = [] }: OutgoingMail) {
  const { 'Message-ID': messageId, 'In-Reply-To': inReplyTo, References: references, ...others } = headers
  return {
    from,
    to,
    subject,
    text,
    ...(html !== undefined && { html }),
    ...(messageId !== undefined && { messageId }),
    ...(inReplyTo !== undefined && { inReplyTo }),
    ...(references !== undefined && { references }),
    headers: others,
    attachments: attachments.map(({ filename, content, content_type }) => ({
      filename,
      content: Buffer.from(content, 'base64'),
      contentType: content_type,
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** `Name <address>` or `address`. The envelope is said in so many words: nothing in a header adds a recipient. */
function bareAddress(from: string): string {
  return /<([^<>]+)>$/.exec(from)?.[1] ?? from
}
