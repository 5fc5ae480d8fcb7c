import { type Agent, type IncomingHttpHeaders, request } from 'node:http'
import { request as secureRequest } from 'node:https'
import { readApiDocument } from './apiDocument.ts'
import { watchOf } from './secretWatch.ts'

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

const api = readApiDocument()

/**
 * One request exactly as written, below the path of `baseUrl`: unlike fetch it neither rewrites the path nor adds headers. Without an agent each request has its own connection, so
 * a relay that was killed and started again is never met through a dead one. Rejects when docs/openapi.yaml does not tell of the answer. relay:API1
 */
export function send(baseUrl: string, target: string, options: HttpRequest = {}): Promise<HttpAnswer> {
  const base = new URL(baseUrl)
  const { protocol, hostname, port, pathname } = base
  const begin = protocol === 'https:' ? secureRequest : request
  const path = `${pathname.replace(/\/$/, '')}${target}`
  const { method = 'GET', headers = {}, body, agent = false } = options
  return new Promise((resolve, reject) => {
    const sent = begin({ host: hostname, port, path, method, agent, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString('utf8')
        const { statusCode: status = 0, headers } = answer
        const json = parsed(text)
        const problems = api.problems(method, target, { status, contentType: headers['content-type'], json })
        if (problems.length > 0) reject(new Error(`docs/openapi.yaml (scripts/openapi) is wrong:\n${problems.join('\n')}`))
        else {
          const answer = { status, headers, text, bytes, json }
          watchOf(base)?.exchanged(method, target, options, answer)
          resolve(answer)
        }
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
