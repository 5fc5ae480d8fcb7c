import { createHash } from 'node:crypto'
import { cleanFilename, oneLine } from '../../inbox/sanitise.ts'
import type { MessageOrigin, ReplyRecord } from '../../store/port.ts'
import { shortened } from './content.ts'
import { messageIds } from './mailHeaders.ts'
import { mailHtml } from './mailHtml.ts'
import type { OutgoingMail } from './outgoingMail.ts'

/** Longer subjects are cut; a header line of 998 characters is the most mail allows. */
const MAX_SUBJECT = 400
/** One or more of what mail programs put in front of an answer. */
const ANSWER_MARKS = /^(?:\s*re(?:\[\d+\]|\(\d+\))?\s*:)+\s*/i

export type ReplyFile = { filename: string; mimeType: string; bytes: Uint8Array }

/**
 * A reply as one mail. Everything that becomes a header is checked or folded to one line here, whoever wrote it: ids are matched, the subject has
 * no line breaks, the addresses are addresses. relay:EML12
 */
export function replyMail(about: {
  reply: Pick<ReplyRecord, 'responseId' | 'content' | 'metadata'>
  from: string
  to: string
  /** The answered mail, else the newest of the sender. */
  origin: MessageOrigin | undefined
  files: readonly ReplyFile[]
}): OutgoingMail {
  const { reply, from, to, origin, files } = about
  const [answered] = messageIds(text(origin?.metadata.emailMessageId))
  const references = messageIds(list(origin?.metadata.references).join(' '))
  const thread = answered ? shortened([...references.filter((id) => id !== answered), answered]) : []
  return {
    from,
    to: [to],
    subject: answerSubject(text(origin?.metadata.subject)),
    text: reply.content,
    ...(reply.metadata.format !== 'plain' && { html: mailHtml(reply.content) }),
    headers: {
      'Message-ID': replyMessageId(reply.responseId, from),
      ...(answered && { 'In-Reply-To': answered, References: thread.join(' ') }),
      'Auto-Submitted': 'auto-replied',
    },
    ...(files.length > 0 && { attachments: files.map(attachment) }),
  }
}

/** `Re: ` once, whatever stood there before. */
export function answerSubject(subject: string): string {
  const bare = oneLine(subject, MAX_SUBJECT).replace(ANSWER_MARKS, '').trim()
  return `Re: ${bare || 'your message'}`
}

/** The same for every attempt, so that a mail that was sent twice is one mail to its reader; it tells nothing about the reply. relay:REP9 */
export function replyMessageId(responseId: string, from: string): string {
  const name = createHash('sha256').update(`reply:${responseId}`).digest('hex').slice(0, 32)
  return `<${name}${from.slice(from.lastIndexOf('@'))}>`
}

function attachment({ filename, mimeType, bytes }: ReplyFile): NonNullable<OutgoingMail['attachments']>[number] {
  return { filename: cleanFilename(filename), content: Buffer.from(bytes).toString('base64'), content_type: plainType(mimeType) }
}

/** Only a type that is nothing but a type may stand in a header. */
function plainType(mimeType: string): string {
  return /^[\w.+-]{1,80}\/[\w.+-]{1,80}$/.test(mimeType) ? mimeType : 'application/octet-stream'
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []
}
