import type { IncomingMessage } from 'node:http'
import busboy from '@fastify/busboy'

/** A file that came with a call. `field` is the name other members refer to it by. */
export type Upload = { field: string; filename: string; mimeType: string; bytes: Buffer }
export type Call = { args: Record<string, unknown>; uploads: Upload[] }

/** Reads a call as JSON, form or multipart, like the platforms' APIs do. Members of forms that hold JSON are parsed. */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const type = request.headers['content-type'] ?? ''
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://fake').searchParams)
  if (type.startsWith('multipart/form-data')) return readMultipart(request, type)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString('utf8')
  if (type.startsWith('application/json') && body) return { args: { ...query, ...JSON.parse(body) }, uploads: [] }
  return { args: unpacked({ ...query, ...Object.fromEntries(new URLSearchParams(body)) }), uploads: [] }
}

function readMultipart(request: IncomingMessage, type: string): Promise<Call> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = {}
    const uploads: Upload[] = []
    const parser = busboy({ headers: { ...request.headers, 'content-type': type } })
    parser.on('field', (name, value) => {
      fields[name] = value
    })
    parser.on('file', (field, stream, filename, _encoding, mimeType) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => uploads.push({ field, filename, mimeType, bytes: Buffer.concat(chunks) }))
    })
    parser.on('finish', () => resolve({ args: unpacked(fields), uploads }))
    parser.on('error', reject)
    request.pipe(parser)
  })
}

function unpacked(fields: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, unpack(value)]))
}

function unpack(value: string): unknown {
  if (!/^(?:[[{].*[\]}]|true|false|-?\d+)$/s.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
