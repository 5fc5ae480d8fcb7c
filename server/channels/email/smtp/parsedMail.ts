import { createHash } from 'node:crypto'
import PostalMime, { type Attachment, type Email } from 'postal-mime'
import { MAX_HTML_BYTES } from '#protocol/limits.ts'
import { htmlToText } from '../../../inbox/htmlText.ts'
import type { InboundFile } from '../../port.ts'
import type { Mail } from '../mail.ts'

/** Deeper than any mail program nests; forwarded mails are files, not parts. */
const MAX_DEPTH = 50
/** Of all parts together. */
const MAX_HEADERS_BYTES = 2 * 1024 * 1024

/** A mail as it came over SMTP, read; or why it is not. relay:SAN3, ATT3, EML8, EML11 */
export async function parseMail(raw: Uint8Array, mailFrom: string): Promise<Omit<Mail, 'proof'> | { flaw: string }> {
  const email = await parse(raw)
  if ('flaw' in email) return email
  const headers = firstValues(email)
  return {
    key: `smtp:${createHash('sha256').update(raw).digest('hex')}`,
    from: headers.from ?? '',
    subject: email.subject ?? '',
    text: email.text?.trim() ? email.text : htmlToText(email.html ?? ''),
    ...(email.messageId !== undefined && { messageId: email.messageId }),
    // Who handed it over decides who gets the bounces, not what the mail says about it.
    headers: { ...headers, 'return-path': `<${mailFrom}>` },
    files: filesOf(email),
  }
}

async function parse(raw: Uint8Array): Promise<Email | { flaw: string }> {
  const limits = { maxNestingDepth: MAX_DEPTH, maxHeadersSize: MAX_HEADERS_BYTES }
  try {
    return await PostalMime.parse(raw, { ...limits, forceRfc822Attachments: true })
  } catch (error) {
    // Its limits have no other name than their sentence.
    const sentence = error instanceof Error ? error.message : ''
    if (sentence.startsWith('Maximum MIME nesting depth')) return { flaw: 'its parts nest too deep' }
    if (sentence.startsWith('Maximum header size')) return { flaw: 'the headers of its parts are too long' }
    throw error
  }
}

function firstValues({ headers }: Email): Record<string, string> {
  const values: Record<string, string> = Object.create(null)
  for (const { key, value } of headers) values[key] ??= value
  return values
}

/** In the order in which they are kept as far as a message may have files: attached ones, pictures of the layout, and last the HTML. */
function filesOf({ attachments, html }: Email): InboundFile[] {
  const attached = attachments.filter((part) => !isPicture(part))
  const pictures = attachments.filter(isPicture)
  const files = [...attached, ...pictures].map((part, index): InboundFile => {
    const filename = part.filename || `attachment-${index + 1}`
    return { filename, mimeType: part.mimeType, bytes: bytesOf(part) }
  })
  if (!html) return files
  // Not a Buffer: small ones share their memory, which then cannot be handed to another thread.
  const bytes = new TextEncoder().encode(withPictures(html, pictures))
  return [...files, { filename: 'message.html', mimeType: 'text/html', role: 'html', bytes }]
}

function isPicture({ related, contentId }: Attachment): boolean {
  return related === true && contentId !== undefined
}

/** With its pictures inside, unless they make it too large to be kept. relay:ATT3 */
function withPictures(html: string, pictures: readonly Attachment[]): string {
  const links = new Map(pictures.map((part) => [part.contentId?.replace(/^<|>$/g, '') ?? '', part]))
  let room = MAX_HTML_BYTES - Buffer.byteLength(html)
  return html.replace(/\bcid:([^"'\s)>]{1,256})/gi, (found, id: string) => {
    const part = links.get(id) ?? links.get(safeDecode(id))
    if (!part || !/^image\/[\w.+-]{1,40}$/.test(part.mimeType)) return found
    const bytes = bytesOf(part)
    const size = Math.ceil(bytes.byteLength / 3) * 4 + part.mimeType.length + 16
    if (size > room) return found
    room -= size
    return `data:${part.mimeType};base64,${Buffer.from(bytes).toString('base64')}`
  })
}

function safeDecode(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

function bytesOf({ content }: Attachment): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content)
  return content instanceof Uint8Array ? content : new Uint8Array(content)
}
