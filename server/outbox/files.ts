import { RelayError } from '#protocol/errors.ts'
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS } from '#protocol/limits.ts'
import { outgoingAttachmentSchema } from '#protocol/message.ts'
import { typed } from '../inbox/files.ts'
import { cleanFilename } from '../inbox/sanitise.ts'
import type { NewReply } from '../store/port.ts'

const STANDARD_BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/**
 * The files of a reply, decoded, named and typed as relay:ATT2 wants. Their ids begin with the id of the response, so that a download needs
 * no other. Throws attachment_too_large, invalid_field. relay:REP12
 */
export function readFiles(attachments: readonly unknown[], responseId: string): NewReply['files'] {
  if (attachments.length > MAX_ATTACHMENTS) {
    throw new RelayError(
      'attachment_too_large',
      `A reply may have at most ${MAX_ATTACHMENTS} files. Send the others in another reply.`,
    )
  }
  return attachments.map((attachment, index) => {
    const parsed = outgoingAttachmentSchema.safeParse(attachment)
    if (!parsed.success)
      throw new RelayError('invalid_field', 'Each of "attachments" needs the texts filename, mimeType and dataBase64.')
    const { filename, mimeType, dataBase64 } = parsed.data
    const bytes = decode(dataBase64)
    return { id: `${responseId}.${index}`, filename: cleanFilename(filename), ...typed(mimeType, bytes), bytes }
  })
}

/** The response that a file id of `readFiles` belongs to. */
export function responseOf(attachmentId: string): string {
  return attachmentId.slice(0, Math.max(0, attachmentId.lastIndexOf('.')))
}

/** Size first, so that nothing large is decoded in vain. */
function decode(text: string): Buffer {
  const bare = text.replace(/=+$/, '')
  if (Math.floor((bare.length * 3) / 4) > MAX_ATTACHMENT_BYTES) {
    throw new RelayError('attachment_too_large', 'A file may have at most 5 MiB. Send a smaller one.')
  }
  if (!STANDARD_BASE64.test(text) || bare.length % 4 === 1) {
    throw new RelayError('invalid_field', '"dataBase64" is not valid base64.')
  }
  return Buffer.from(bare, 'base64')
}
