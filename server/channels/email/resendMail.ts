import { htmlToText } from '../../inbox/htmlText.ts'
import { mailFiles } from './files.ts'
import type { Mail } from './mail.ts'
import type { ReceivedMail } from './resendModel.ts'

/** A mail as Resend hands it over. It does not tell what SPF, DKIM and DMARC said. relay:SAN3, EML9 */
export function fromResend(received: ReceivedMail): Mail {
  const { id, from, subject, text, html, message_id, headers } = received
  return {
    key: `resend:${id}`,
    from: from ?? '',
    subject: subject ?? '',
    text: text?.trim() ? text : htmlToText(html ?? ''),
    ...(message_id && { messageId: message_id }),
    headers: headers ?? {},
    files: mailFiles(received),
    proof: { kind: 'untold' },
  }
}
