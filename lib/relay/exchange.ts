import type { PublicKeyJwk } from '#protocol/keys.ts'
import { CLOCK_TOLERANCE_MS } from '#protocol/limits.ts'
import { answerText } from '#protocol/signing.ts'
import { Failure } from '../messaging/failure.ts'
import type { Timers } from '../platform/timers.ts'
import { sha256Hex, verifyText } from './keys.ts'
import { requestFailed, timedOut } from './sentences.ts'

/** client:HTE1 */
export const REQUEST_TIMEOUT_MS = 15_000
/** Above this an answer is not read on: the extension's memory is bounded (client:ARC5). The largest honest answer is a page of messages. */
export const MAX_ANSWER_BYTES = 24 * 1024 * 1024

export type Fetch = (url: string, init: RequestInit) => Promise<Response>
export type Network = { fetch: Fetch; timers: Timers }

export type Outgoing = {
  method: string
  url: string
  /** For error texts: without the query. client:HTE2 */
  path: string
  headers: Record<string, string>
  nonce: string
  body?: Uint8Array<ArrayBuffer>
  maxBytes?: number
  /** Nothing an older relay would not allow a page to send. client:LEG1 */
  plain?: boolean | undefined
}

/** One answer with what is needed to verify it. Nothing in `bytes` may be read before `judge` accepted it. client:PIN2 */
export type RawAnswer = {
  status: number
  bytes: Uint8Array<ArrayBuffer>
  nonce: string
  timestamp: string
  signature: string
  retryAfter?: number
}

/**
 * One HTTP exchange, ended after 15 s with its body read. Always asks for a signed answer (client:CSG1). Throws Failure `timeout`,
 * `network` or `answer_too_large`.
 */
export async function exchange({ fetch, timers }: Network, request: Outgoing): Promise<RawAnswer> {
  const { method, path, nonce } = request
  const timeout = new AbortController()
  const cancel = timers.after(REQUEST_TIMEOUT_MS, () => timeout.abort())
  try {
    const response = await fetch(request.url, {
      method,
      headers: { ...request.headers, ...(!request.plain && { 'X-Nonce': nonce, 'X-Want-Signature': '1' }) },
      ...(request.body && { body: request.body }),
      signal: timeout.signal,
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    })
    const bytes = await readBytes(response, request.maxBytes ?? MAX_ANSWER_BYTES)
    const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN)
    return {
      status: response.status,
      bytes,
      nonce,
      timestamp: response.headers.get('X-Server-Timestamp') ?? '',
      signature: response.headers.get('X-Server-Signature') ?? '',
      ...(Number.isFinite(retryAfter) && { retryAfter }),
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    if (timeout.signal.aborted) throw new Failure('timeout', timedOut(method, path), { cause })
    throw new Failure('network', requestFailed(method, path, 'the relay could not be reached'), { cause })
  } finally {
    cancel()
  }
}

async function readBytes(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = new Failure('answer_too_large', 'The answer is larger than the extension takes.')
  if (Number(response.headers.get('Content-Length') ?? 0) > limit) {
    await response.body?.cancel()
    throw tooLarge
  }
  if (!response.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = response.body.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length
    if (size > limit) {
      await reader.cancel()
      throw tooLarge
    }
    chunks.push(part.value)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

/**
 * Whether the holder of `key` gave exactly this answer to exactly this request, now. `unsigned` and `forged` answers must not be read.
 * `stale` is a true signature more than 5 minutes away from `now`. client:PIN2, relay:SRV1
 */
export async function judge(answer: RawAnswer, key: PublicKeyJwk, now: number): Promise<'valid' | 'unsigned' | 'forged' | 'stale'> {
  if (!answer.signature || !answer.timestamp) return 'unsigned'
  const text = answerText({
    timestamp: answer.timestamp,
    nonce: answer.nonce,
    status: answer.status,
    bodyHash: await sha256Hex(answer.bytes),
  })
  if (!(await verifyText(key, text, answer.signature))) return 'forged'
  const age = Math.abs(now - Date.parse(answer.timestamp))
  return age <= CLOCK_TOLERANCE_MS ? 'valid' : 'stale'
}
