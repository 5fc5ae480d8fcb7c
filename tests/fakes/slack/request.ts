import type { IncomingMessage } from 'node:http'
import busboy from '@fastify/busboy'

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The arguments of a call, sent as a form or as JSON; members of JSON that are no texts as JSON again, like a form has them. */
export async function readArguments(request: IncomingMessage): Promise<Record<string, string>> {
  const query = new URL(request.url ?? '/', 'http://fake').searchParams
  const body = (await readBody(request)).toString('utf8')
  const json = (request.headers['content-type'] ?? '').startsWith('application/json')
  const given: Record<string, unknown> = json && body ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body))
  const texts = Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
  return { ...Object.fromEntries(query), ...Object.fromEntries(texts) }
}

/** An uploaded file, sent as it is or as the only file of a form. */
export async function readUpload(request: IncomingMessage): Promise<Buffer> {
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return readBody(request)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const parser = busboy({ headers: { ...request.headers, 'content-type': type } })
    parser.on('file', (_field, stream) => stream.on('data', (chunk: Buffer) => chunks.push(chunk)))
    parser.on('finish', () => resolve(Buffer.concat(chunks)))
    parser.on('error', reject)
    request.pipe(parser)
  })
}
