import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorAnswer } from './errorAnswer.ts'

/**
 * Answers on a bare socket, for requests that never became one: broken HTTP, and WebSocket handshakes refused with a status. Ends the socket.
 * relay:GEN3, ERR1, WS1
 */
export function sendRawError(socket: Duplex, error: unknown, requestId: string, extraHeaders: Record<string, string> = {}): void {
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
    ...extraHeaders,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('')}\r\n${body}`)
}
