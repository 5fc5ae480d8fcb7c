import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorAnswer } from './errorAnswer.ts'

/** Proof of the answer, for callers that asked for it. relay:SRV1 */
export type Prove = (status: number, body: string) => Record<string, string>

/**
 * Answers on a bare socket, for requests that never became one: broken HTTP, and WebSocket handshakes refused with a status. Ends the socket.
 * relay:GEN3, ERR1, WS1
 */
export function sendRawError(socket: Duplex, error: unknown, requestId: string, prove?: Prove): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const { status, headers, json } = errorAnswer(error, requestId)
  const body = JSON.stringify(json)
  const lines = Object.entries({
    'X-Request-Id': requestId,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    'Access-Control-Allow-Origin': '*',
    Connection: 'close',
    ...headers,
    ...prove?.(status, body),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('')}\r\n${body}`)
}
