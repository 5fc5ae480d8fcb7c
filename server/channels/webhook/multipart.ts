import Busboy from '@fastify/busboy'
import type { InboundFile } from '../port.ts'

/** A form with more parts is no form. The body as a whole is limited before (relay:WH7). */
const MAX_PARTS = 1_000

export type Form = { fields: Record<string, string>; files: InboundFile[] }

/** Fields (the last of a name wins) and files of a multipart body; `undefined` when it is none or ends too early. relay:WH4 */
export function parseMultipart(body: Uint8Array, contentType: string): Promise<Form | undefined> {
  return new Promise((resolve) => {
    const fields = new Map<string, string>()
    const files: InboundFile[] = []
    const refuse = () => resolve(undefined)
    let parser: ReturnType<typeof Busboy>
    try {
      parser = createParser(body.byteLength, contentType)
    } catch {
      refuse()
      return
    }
    parser.on('field', (name, value) => fields.set(name ?? '', value))
    parser.on('file', (name, stream, filename, _encoding, mimeType) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => files.push({ filename: filename || name || 'file', mimeType, bytes: Buffer.concat(chunks) }))
      // A part that ends too early fails here and not at the parser.
      stream.on('error', refuse)
    })
    parser.on('partsLimit', refuse)
    parser.on('error', refuse)
    parser.on('finish', () => resolve({ fields: Object.fromEntries(fields), files }))
    parser.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
  })
}

/** Throws when the content type names no boundary. */
function createParser(size: number, contentType: string): ReturnType<typeof Busboy> {
  return Busboy({
    headers: { 'content-type': contentType },
    limits: { fieldNameSize: size, fieldSize: size, fileSize: size, parts: MAX_PARTS },
  })
}
