import type { IncomingMessage, ServerResponse } from 'node:http'
import { RelayError } from '#protocol/errors.ts'

/** The caller went away before its request was complete: there is nobody to answer. */
export class ClientGone extends Error {}

const EMPTY = Buffer.alloc(0)
/** Most bodies are read by then. */
const BUDGET_RETRY_S = 5

/** True when the request announces a body. */
export function hasBody(message: IncomingMessage): boolean {
  const { headers } = message
  return (
    headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')
  )
}

/** So much of a body is read whatever others send: what most requests have. */
const FREE_BYTES = 16 * 1024

/** What the unfinished bodies of all requests may hold in memory together, above FREE_BYTES each. */
export type BodyBudget = ReturnType<typeof createBodyBudget>

export function createBodyBudget(maxBytes: number) {
  let held = 0
  return {
    /** Whether there is room for so much more. */
    take(bytes: number): boolean {
      if (held + bytes > maxBytes) return false
      held += bytes
      return true
    },
    give(bytes: number): void {
      held -= bytes
    },
  }
}

/**
 * The exact bytes of the body, at most `maxBytes`: more is refused by the announced length, or while streaming, with body_too_large, and what finds no
 * room in the budget with storage_unavailable. `continued` is given when the caller waits for 100 Continue. relay:SIG5, WH7
 */
export function readBody(
  message: IncomingMessage,
  maxBytes: number,
  budget: BodyBudget,
  continued?: ServerResponse,
): Promise<Buffer> {
  if (!hasBody(message)) return Promise.resolve(EMPTY)
  const announced = Number(message.headers['content-length'] ?? 0)
  if (announced > maxBytes) return Promise.reject(tooLarge(maxBytes))
  if (message.destroyed) return Promise.reject(new ClientGone())
  continued?.writeContinue()
  return new Promise((resolve, reject) => {
    let body: Buffer = EMPTY
    let size = 0
    let held = 0
    function giveUp(error: unknown): void {
      message.off('data', onData)
      body = EMPTY
      reject(error)
      release()
    }
    function release(): void {
      budget.give(held)
      held = 0
    }
    function makeRoom(wanted: number): void {
      if (wanted > maxBytes) throw tooLarge(maxBytes)
      const more = wanted - FREE_BYTES - held
      if (more <= 0) return
      if (!budget.take(more)) throw tooMuch()
      held += more
    }
    function add(chunk: Buffer): void {
      const before = size
      size += chunk.length
      makeRoom(size)
      // Nearly all bodies are one chunk. Others are copied together at once: chunks of a byte each would cost a hundred times their size.
      if (before === 0) body = chunk
      else {
        if (body.length < size) body = grown(body, before, Math.min(maxBytes, 2 * size))
        chunk.copy(body, before)
      }
    }
    function onData(chunk: Buffer): void {
      try {
        add(chunk)
      } catch (error) {
        giveUp(error)
      }
    }
    message.on('data', onData)
    message.on('end', () => {
      resolve(body.subarray(0, size))
      release()
    })
    message.on('close', () => {
      if (!message.complete) giveUp(new ClientGone())
    })
  })
}

function grown(body: Buffer, filled: number, size: number): Buffer {
  const bigger = Buffer.allocUnsafeSlow(size)
  body.copy(bigger, 0, 0, filled)
  return bigger
}

function tooMuch(): RelayError {
  return new RelayError('storage_unavailable', 'The relay is reading too much at the moment. Try again in a few seconds.', {
    retryAfter: BUDGET_RETRY_S,
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
