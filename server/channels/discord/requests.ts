import type { RESTOptions, ResponseLike } from '@discordjs/rest'
import { readAtMost } from '../readAtMost.ts'

/** A hundred messages with everything they may hold are far below. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024

/** Nothing came back from Discord, or not all of it. */
export class NoAnswer extends Error {
  /** Nothing was sent, so nothing can have happened. */
  readonly neverSent: boolean
  constructor(neverSent: boolean) {
    super('Discord did not answer.')
    this.name = 'NoAnswer'
    this.neverSent = neverSent
  }
}

/** The library's requests over our fetch. An answer counts when it is whole: the library's time limit then covers its body too. */
export function createRequests(ours: typeof fetch): RESTOptions['makeRequest'] {
  return async (url, { method, headers, body, signal }): Promise<ResponseLike> => {
    const init = { method, headers, body: ownForm(body), signal, redirect: 'error' }
    try {
      const answer = await ours(url, init as RequestInit)
      const bytes = await readAtMost(answer, MAX_ANSWER_BYTES)
      if (!bytes) throw new NoAnswer(false)
      return whole(answer, Buffer.from(bytes))
    } catch (error) {
      // Not the original: it may hold the address, and what was sent.
      throw error instanceof NoAnswer ? error : new NoAnswer(neverSent(error))
    }
  }
}

function whole({ status, statusText, ok, headers }: Response, bytes: Buffer): ResponseLike {
  return {
    status,
    statusText,
    ok,
    headers: headers as unknown as ResponseLike['headers'],
    body: null,
    bodyUsed: false,
    arrayBuffer: async () => Uint8Array.from(bytes).buffer,
    text: async () => bytes.toString('utf8'),
    json: async () => parsed(bytes),
  }
}

/** What is cut off, or not from Discord at all, counts as no answer. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new NoAnswer(false)
  }
}

/** The library makes forms with a package of its own, which fetch does not know as forms. */
function ownForm(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('entries' in body) || typeof body.entries !== 'function') return body
  const form = new FormData()
  for (const [name, value] of body.entries() as Iterable<[string, string | File]>) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, value.name)
  }
  return form
}

const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

function neverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && NEVER_CONNECTED.has(String(cause.code))
}
