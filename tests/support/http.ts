import { type Agent, type IncomingHttpHeaders, request } from 'node:http'

export type HttpAnswer = {
  status: number
  headers: IncomingHttpHeaders
  text: string
  bytes: Buffer
  /** The parsed body; tests look into it freely. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the relay answered
  json: any
}

export type HttpRequest = {
  method?: string
  headers?: Record<string, string | string[]>
  body?: string | Uint8Array
  agent?: Agent
}

/**
 * One request exactly as written: unlike fetch it neither rewrites the path nor adds headers. Without an agent each request has its own connection, so
 * a relay that was killed and started again is never met through a dead one.
 */
export function send(baseUrl: string, target: string, options: HttpRequest = {}): Promise<HttpAnswer> {
  const { hostname, port } = new URL(baseUrl)
  const { method = 'GET', headers = {}, body, agent = false } = options
  return new Promise((resolve, reject) => {
    const sent = request({ host: hostname, port, path: target, method, agent, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString('utf8')
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, bytes, json: parsed(text) })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
