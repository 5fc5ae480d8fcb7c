import { oneLine } from '../../inbox/sanitise.ts'
import { mailDate, sentAt } from '../../inbox/sentAt.ts'
import type { Inbound } from '../port.ts'
import type { Mail } from './mail.ts'
import { ancestors, mailHeader, ownMessageId } from './mailHeaders.ts'

/** Longer ones are no subjects. In UTF-16 units. */
const MAX_SUBJECT = 998
/** As much as a webhook may bring (relay:WH7). Of a longer text the beginning is stored, and `metadata.truncated` tells. */
export const MAX_TEXT = 1024 * 1024
/** A conversation keeps its first mail and the newest; more would only grow with every answer. */
const MAX_REFERENCES = 40

/** A mail as the message a channel stores. relay:EML11, CUR11 */
export function toInbound(mail: Mail, sender: string, toAddress: string): Inbound {
  const { text, files, proof } = mail
  const subject = oneLine(mail.subject, MAX_SUBJECT)
  const messageId = ownMessageId(mail)
  const { inReplyTo, references } = ancestors(mail)
  return {
    from: sender,
    content: `Subject: ${subject}\n\n${text.slice(0, MAX_TEXT)}`,
    metadata: {
      senderAddress: sender,
      subject,
      toAddress,
      threadId: references[0] ?? inReplyTo ?? messageId ?? mail.key,
      isReply: inReplyTo !== undefined || references.length > 0,
      emailMessageId: messageId ?? '',
      inReplyTo: inReplyTo ?? '',
      references: shortened(references),
      auth: proof.kind === 'untold' ? 'unknown' : proof.verdicts,
      ...sentAt(mailDate(mailHeader(mail, 'date'))),
      ...(text.length > MAX_TEXT && { truncated: true }),
    },
    target: sender,
    dedupKey: messageId ?? mail.key,
    ...(files.length > 0 && { files }),
  }
}

/** The first and the newest. */
export function shortened(references: readonly string[]): string[] {
  if (references.length <= MAX_REFERENCES) return [...references]
  return [...references.slice(0, 1), ...references.slice(1 - MAX_REFERENCES)]
}
