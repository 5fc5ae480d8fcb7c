import type { Attachment } from '#protocol/message.ts'
import type { Answer } from './route.ts'

/** What a download may say it is. Anything else could smuggle a header or a page. */
const MIME_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/

/**
 * A file as a download: the exact bytes, and nothing a browser would run in the relay's name. Errors and text have no file to send. relay:ATT4
 */
export function fileAnswer(file: Pick<Attachment, 'filename' | 'mimeType'>, bytes: Uint8Array): Answer {
  return {
    bytes,
    contentType: plainMimeType(file.mimeType),
    headers: {
      'Content-Disposition': attachmentDisposition(file.filename),
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': 'sandbox',
      'Cache-Control': 'no-store',
    },
  }
}

/** Lower case and without parameters; `application/octet-stream` for what is no media type. */
export function plainMimeType(mimeType: string): string {
  const bare = (mimeType.split(';', 1)[0] ?? '').trim().toLowerCase()
  return MIME_TYPE.test(bare) ? bare : 'application/octet-stream'
}

/** The name twice: in ASCII for old clients, and as it is (RFC 6266, RFC 8187). */
function attachmentDisposition(filename: string): string {
  const ascii = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const exact = encodeURIComponent(filename.toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${exact}`
}
