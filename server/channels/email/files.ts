import type { InboundFile } from '../port.ts'
import type { MailFile, ReceivedMail } from './resendModel.ts'

/**
 * What comes with a mail, in the order in which it is kept as far as a message may have files: what somebody attached, pictures of the layout, and
 * last the HTML itself. relay:ATT1, ATT3
 */
export function mailFiles({ id, attachments, html }: ReceivedMail): InboundFile[] {
  const files = attachedFirst(attachments ?? []).map((file, index): InboundFile => {
    const filename = file.filename || `attachment-${index + 1}`
    const mimeType = file.content_type || 'application/octet-stream'
    return { filename, mimeType, source: fileSource(id, file.id), size: file.size ?? 0 }
  })
  if (html) files.push({ filename: 'message.html', mimeType: 'text/html', role: 'html', bytes: Buffer.from(html, 'utf8') })
  return files
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
