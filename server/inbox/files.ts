import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, MAX_HTML_BYTES } from '#protocol/limits.ts'
import type { InboundFile } from '../channels/port.ts'
import { plainMimeType } from '../http/download.ts'
import type { NewFile } from '../store/port.ts'
import { imageType } from './imageType.ts'
import { cleanFilename } from './sanitise.ts'

/** A file that is not kept, and why. relay:ATT1 */
export type OmittedFile = { filename: string; size: number; reason: string }

/** The role of an e-mail's own HTML, which does not count among the files. relay:ATT3 */
const HTML_ROLE = 'html'

/** What of a message's files is kept: three of 5 MiB and the HTML part. relay:ATT1-ATT3 */
export function acceptFiles(
  files: readonly InboundFile[],
  { seal, newId }: { seal: (plain: string) => string; newId: () => string },
): { kept: NewFile[]; omitted: OmittedFile[] } {
  const kept: NewFile[] = []
  const omitted: OmittedFile[] = []
  let counted = 0
  for (const file of files) {
    const filename = cleanFilename(file.filename)
    const size = 'bytes' in file ? file.bytes.byteLength : file.size
    const isHtml = file.role === HTML_ROLE
    const reason = refusal(size, isHtml, counted)
    if (reason !== undefined) {
      omitted.push({ filename, size, reason })
      continue
    }
    if (!isHtml) counted += 1
    const base = { id: newId(), filename, ...(file.role !== undefined && { role: file.role }) }
    kept.push(
      'bytes' in file
        ? { ...base, ...typed(file.mimeType, file.bytes, isHtml), bytes: file.bytes }
        : { ...base, kind: 'file', mimeType: plainMimeType(file.mimeType), sealedSource: seal(file.source), size },
    )
  }
  return { kept, omitted }
}

function refusal(size: number, isHtml: boolean, counted: number): string | undefined {
  if (isHtml) return size > MAX_HTML_BYTES ? 'larger than 1 MiB' : undefined
  if (size > MAX_ATTACHMENT_BYTES) return 'larger than 5 MiB'
  return counted >= MAX_ATTACHMENTS ? 'more than 3 files' : undefined
}

/** Only the first bytes make an image; a name or a declared type does not. relay:ATT2 */
export function typed(declared: string, bytes: Uint8Array, isHtml = false): { kind: 'image' | 'file'; mimeType: string } {
  const image = isHtml ? undefined : imageType(bytes)
  return image ? { kind: 'image', mimeType: image } : { kind: 'file', mimeType: plainMimeType(declared) }
}
