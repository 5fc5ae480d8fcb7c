import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, MAX_HTML_BYTES } from '#protocol/limits.ts'
import type { InboundFile } from '../port.ts'
import type { MailFile, ReceivedMail } from './resendModel.ts'

/** relay:ATT1: what was left out, and why. */
export type OmittedFile = { filename: string; mimeType: string; size?: number; reason: string }

const HTML_NAME = 'message.html'
const HTML_TYPE = 'text/html'

/** Which attachments come with a message. Pictures inside the HTML give way to files somebody attached. relay:ATT1, ATT3 */
export function mailFiles(mail: ReceivedMail): { files: InboundFile[]; omitted: OmittedFile[] } {
  const files: InboundFile[] = []
  const omitted: OmittedFile[] = []
  for (const [index, file] of attachedFirst(mail.attachments ?? []).entries()) {
    const filename = file.filename || `attachment-${index + 1}`
    const mimeType = file.content_type || 'application/octet-stream'
    const size = file.size ?? 0
    const reason = omissionReason(size, files.length)
    if (reason) omitted.push({ filename, mimeType, size, reason })
    else files.push({ filename, mimeType, source: fileSource(mail.id, file.id), size })
  }
  if (mail.html) {
    const bytes = Buffer.from(mail.html, 'utf8')
    if (bytes.length <= MAX_HTML_BYTES) files.push({ filename: HTML_NAME, mimeType: HTML_TYPE, role: 'html', bytes })
    else omitted.push({ filename: HTML_NAME, mimeType: HTML_TYPE, size: bytes.length, reason: 'The HTML is larger than 1 MiB.' })
  }
  return { files, omitted }
}

function omissionReason(size: number, kept: number): string | undefined {
  if (size > MAX_ATTACHMENT_BYTES) return 'The file is larger than 5 MiB.'
  return kept >= MAX_ATTACHMENTS ? `A message has at most ${MAX_ATTACHMENTS} files.` : undefined
}

function attachedFirst(files: readonly MailFile[]): MailFile[] {
  const inline = (file: MailFile) => file.content_disposition === 'inline' && Boolean(file.content_id)
  return [...files.filter((file) => !inline(file)), ...files.filter(inline)]
}

/** Where an attachment lies, for fetching it after the commit. relay:ATT6 */
function fileSource(mailId: string, fileId: string): string {
  return JSON.stringify([mailId, fileId])
}

/** The inverse of what `mailFiles` wrote. */
export function readFileSource(source: string): { mailId: string; fileId: string } | undefined {
  const parts: unknown = JSON.parse(source)
  const [mailId, fileId] = Array.isArray(parts) ? parts : []
  return typeof mailId === 'string' && typeof fileId === 'string' ? { mailId, fileId } : undefined
}
