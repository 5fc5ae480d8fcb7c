import Busboy from '@fastify/busboy'
import type { InboundFile } from '../port.ts'

/** A form with more parts is no form. The body as a whole is limited before (relay:WH7). */
const MAX_PARTS = 1_000

export type Form = { fields: Record<string, string>; files: InboundFile[] }

/** Fields (the last of a name wins) and files of a multipart body; `undefined` when it is none. relay:WH4 */
export function parseMultipart(body: Uint8Array, contentType: string): Promise<Form | undefined> {
  return new Promise((resolve) => {
    const form: Form = { fields: Object.create(null), files: [] }
    let parser: ReturnType<typeof Busboy>
    try {
      parser = Busboy({
        headers: { 'content-type': contentType },
        limits: { fieldSize: body.byteLength, fileSize: body.byteLength, parts: MAX_PARTS },
      })
    } catch {
      resolve(undefined)
      return
    }
    parser.on('field', (name, value) => {
      form.fields[name] = value
    })
    parser.on('file', (name, stream, filename, _encoding, mimeType) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => form.files.push({ filename: filename || name, mimeType, bytes: Buffer.concat(chunks) }))
    })
    parser.on('error', () => resolve(undefined))
    parser.on('finish', () => resolve(form))
    parser.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
  })
}
