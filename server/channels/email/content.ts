import { htmlToText } from '../../inbox/htmlText.ts'
import { oneLine } from '../../inbox/sanitise.ts'
import type { Inbound } from '../port.ts'
import { mailFiles } from './files.ts'
import { ancestors, ownMessageId } from './mailHeaders.ts'
import type { ReceivedMail } from './resendModel.ts'

/** Longer ones are no subjects. In UTF-16 units. */
const MAX_SUBJECT = 998
/** As much as a webhook may bring (relay:WH7). Of a longer text the beginning is stored, and `metadata.truncated` tells. */
const MAX_TEXT = 1024 * 1024
/** A conversation keeps its first mail and the newest; more would only grow with every answer. */
const MAX_REFERENCES = 40

/** A mail as the message a channel stores. relay:EML11, SAN3, CUR11 */
export function toInbound(mail: ReceivedMail, sender: string, toAddress: string): Inbound {
  const subject = oneLine(mail.subject ?? '', MAX_SUBJECT)
  const text = mail.text?.trim() ? mail.text : htmlToText(mail.html ?? '')
  const messageId = ownMessageId(mail)
  const { inReplyTo, references } = ancestors(mail)
  const files = mailFiles(mail)
  return {
    from: sender,
    content: `Subject: ${subject}\n\n${text.slice(0, MAX_TEXT)}`,
    metadata: {
      senderAddress: sender,
      subject,
      toAddress,
      threadId: references[0] ?? inReplyTo ?? messageId ?? mail.id,
      isReply: inReplyTo !== undefined || references.length > 0,
      emailMessageId: messageId ?? '',
      inReplyTo: inReplyTo ?? '',
      references: shortened(references),
      // The provider does not tell what SPF, DKIM and DMARC said. relay:EML9
      auth: 'unknown',
      ...(text.length > MAX_TEXT && { truncated: true }),
    },
    target: sender,
    dedupKey: messageId ?? `resend:${mail.id}`,
    ...(files.length > 0 && { files }),
  }
}

/** The first and the newest. */
export function shortened(references: readonly string[]): string[] {
  if (references.length <= MAX_REFERENCES) return [...references]
  return [...references.slice(0, 1), ...references.slice(1 - MAX_REFERENCES)]
}
