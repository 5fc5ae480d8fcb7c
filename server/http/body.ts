import type { IncomingMessage, ServerResponse } from 'node:http'
import { RelayError } from '#protocol/errors.ts'

/** The caller went away before its request was complete: there is nobody to answer. */
export class ClientGone extends Error {}

const EMPTY = Buffer.alloc(0)

/** True when the request announces a body. */
export function hasBody(message: IncomingMessage): boolean {
  const { headers } = message
  return (
    headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')
  )
}

/**
 * The exact bytes of the body, at most `maxBytes`: more is refused by the announced length, or while streaming, with body_too_large.
 * `continued` is given when the caller waits for 100 Continue. relay:SIG5, WH7
 */
export function readBody(message: IncomingMessage, maxBytes: number, continued?: ServerResponse): Promise<Buffer> {
  if (!hasBody(message)) return Promise.resolve(EMPTY)
  const announced = Number(message.headers['content-length'] ?? 0)
  if (announced > maxBytes) return Promise.reject(tooLarge(maxBytes))
  if (message.destroyed) return Promise.reject(new ClientGone())
  continued?.writeContinue()
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined
    let more: Buffer[] | undefined
    let size = 0
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) {
        message.off('data', onData)
        reject(tooLarge(maxBytes))
      } else if (first === undefined) first = chunk
      else if (more === undefined) more = [first, chunk]
      else more.push(chunk)
    }
    message.on('data', onData)
    message.on('end', () => resolve(more ? Buffer.concat(more, size) : (first ?? EMPTY)))
    message.on('close', () => {
      if (!message.complete) reject(new ClientGone())
    })
  })
}

function tooLarge(maxBytes: number): RelayError {
  return new RelayError('body_too_large', `The request body is larger than ${maxBytes} bytes. Send less at once.`)
}

/** How much of a refused body is read and thrown away so that the caller gets to see the answer instead of a reset connection. */
const DISCARD_MAX_BYTES = 32 * 1024 * 1024

/** Lets a refused request run dry, within limits, then calls `done`; beyond them the connection is cut. */
export function discardBody(message: IncomingMessage, done: () => void): void {
  if (message.complete || message.destroyed) {
    done()
    return
  }
  let discarded = 0
  message.on('data', (chunk: Buffer) => {
    discarded += chunk.length
    if (discarded > DISCARD_MAX_BYTES) message.destroy()
  })
  message.once('end', done).once('close', done)
  message.resume()
}
