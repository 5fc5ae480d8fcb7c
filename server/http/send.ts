import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { answerText } from '#protocol/signing.ts'
import { allowsOrigins, EXPOSED_HEADERS } from './cors.ts'
import type { HttpRequest } from './request.ts'
import type { Answer } from './route.ts'

/** Signs a text with the relay's own key: base64 of raw r then s. relay:SRV1, SRV3 */
export type SignText = (text: string) => string

/** Pages of the relay load nothing from elsewhere, are framed nowhere, and tell nobody their address. A page may set its own. */
const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

type Outgoing = { body: string | Uint8Array; contentType: string | undefined; defaults?: Record<string, string> }

/**
 * Writes the answer in one head and one body: a string body leaves in the same packet as its head. `open`: the response is not ended yet, which may
 * close the connection. Returns the status.
 */
export function sendAnswer(
  response: ServerResponse,
  request: HttpRequest,
  answer: Answer,
  options: { sign: SignText; now: () => number; closing: boolean; open?: boolean },
): number {
  const { body, contentType, defaults } = outgoing(answer)
  const status = answer.status ?? ('empty' in answer ? 204 : 200)
  const head = ['X-Request-Id', request.id]
  if (contentType) head.push('Content-Type', contentType)
  if (status !== 204 && status !== 304)
    head.push('Content-Length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength))
  if (allowsOrigins(request.pathname))
    head.push('Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', EXPOSED_HEADERS)
  if (options.closing) head.push('Connection', 'close')
  if (wantsSignature(request.headers)) addHeaders(head, undefined, signatureOf(request.headers, { ...options, status, body }))
  addHeaders(head, defaults, answer.headers)
  response.writeHead(status, head)
  if (options.open) response.write(body)
  else response.end(body)
  return status
}

export function wantsSignature(asked: IncomingHttpHeaders): boolean {
  return asked['x-want-signature'] === '1'
}

/** What proves that this relay gave this answer to this request. relay:SRV1 */
export function signatureOf(
  asked: IncomingHttpHeaders,
  { status, body, sign, now }: { status: number; body: string | Uint8Array; sign: SignText; now: () => number },
): Record<string, string> {
  const timestamp = new Date(now()).toISOString()
  const nonce = asked['x-nonce']
  const bodyHash = createHash('sha256').update(body).digest('hex')
  const text = answerText({ timestamp, nonce: typeof nonce === 'string' ? nonce : '', status, bodyHash })
  return { 'X-Server-Timestamp': timestamp, 'X-Server-Signature': sign(text) }
}

function outgoing(answer: Answer): Outgoing {
  if ('json' in answer)
    return { body: JSON.stringify(answer.json), contentType: 'application/json; charset=utf-8', defaults: JSON_HEADERS }
  if ('html' in answer) return { body: answer.html, contentType: 'text/html; charset=utf-8', defaults: PAGE_HEADERS }
  if ('bytes' in answer) return { body: answer.bytes, contentType: answer.contentType }
  return { body: '', contentType: undefined }
}

/** Answers hold keys and messages: no cache keeps them. */
const JSON_HEADERS = { 'Cache-Control': 'no-store' }

/** The answer's own headers win over defaults of the same name, whatever their case. */
function addHeaders(head: string[], defaults: Record<string, string> | undefined, own: Record<string, string> | undefined): void {
  const names = own && new Set(Object.keys(own).map((name) => name.toLowerCase()))
  if (defaults) {
    for (const name in defaults) if (!names?.has(name.toLowerCase())) head.push(name, defaults[name] ?? '')
  }
  if (own) for (const name in own) head.push(name, own[name] ?? '')
}
