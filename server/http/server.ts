import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RelayError } from '#protocol/errors.ts'
import type { Log } from '../log.ts'
import { type Counts, createCounts } from '../metrics/counts.ts'
import type { Addresses } from './address.ts'
import { ClientGone, createBodyBudget, discardBody, hasBody, readBody } from './body.ts'
import { preflightHeaders } from './cors.ts'
import { errorAnswer } from './errorAnswer.ts'
import { sendRawError } from './rawAnswer.ts'
import { HttpRequest } from './request.ts'
import type { Answer, Route } from './route.ts'
import { createRouter, type Match } from './router.ts'
import { type SignText, sendAnswer } from './send.ts'

/** How long a connection may keep the relay waiting, in milliseconds. */
const PATIENCE = {
  /** A caller that has not sent its headers by then is holding a connection for nothing. */
  headersTimeout: 15_000,
  /** Enough for a 22 MiB reply on a slow line (1.5 Mbit/s); a body that drips slower is cut. */
  requestTimeout: 120_000,
  /** How often the two above are looked at. */
  connectionsCheckingInterval: 2_000,
  /** Longer than the usual 60 s of proxies, so that the proxy closes idle connections first and never writes into a closing one. */
  keepAliveTimeout: 65_000,
}
/** Routes that name no cap of their own take a few fields, or a platform's event. */
const DEFAULT_MAX_BODY_BYTES = 1024 * 1024
/** Six of the largest replies at once, or 128 of the largest posts: callers that never finish cannot take all memory. */
const MAX_UNFINISHED_BYTES = 128 * 1024 * 1024
/** relay:GEN8 */
const FINISH_WITHIN_MS = 10_000

export type HttpServer = ReturnType<typeof createHttpServer>

/**
 * The relay's HTTP server. `unknown` answers whatever no route takes (relay:GEN2); `maxBodyBytes` is the cap of routes without one of
 * their own, `maxUnfinishedBytes` that of all bodies that are being read.
 */
export function createHttpServer({
  routes,
  unknown,
  addresses,
  nextRequestId,
  sign,
  now,
  log,
  counts = createCounts(),
  maxBodyBytes = DEFAULT_MAX_BODY_BYTES,
  maxUnfinishedBytes = MAX_UNFINISHED_BYTES,
  patience = PATIENCE,
}: {
  routes: readonly Route[]
  unknown: Pick<Route, 'before' | 'handle'>
  addresses: Addresses
  nextRequestId: () => string
  sign: SignText
  now: () => number
  log: Log
  counts?: Pick<Counts, 'answers' | 'refusals'>
  maxBodyBytes?: number
  maxUnfinishedBytes?: number
  patience?: typeof PATIENCE
}) {
  const find = createRouter(routes)
  const verbose = log.isLevelEnabled('debug')
  const budget = createBodyBudget(maxUnfinishedBytes)
  let stopping = false

  // A request that names no host is refused below, in the form of every answer.
  const options = { ...patience, requireHostHeader: false, shouldUpgradeCallback: wantsWebSocket }
  const server = createServer(options, (message, response) => serve(message, response, false))
  server.on('checkContinue', (message, response) => serve(message, response, true))
  server.on('checkExpectation', (message, response) => serve(message, response, false))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    const requestId = nextRequestId()
    log.info({ requestId, code: error.code }, 'not HTTP')
    sendRawError(socket, brokenHttp(error.code), requestId)
  })

  function serve(message: IncomingMessage, response: ServerResponse, waitsForContinue: boolean): void {
    const request = new HttpRequest(nextRequestId(), message, addresses)
    if (message.headers.host === undefined && message.httpVersion === '1.1') {
      fail(request, undefined, message, response, brokenHttp(undefined), waitsForContinue)
      return
    }
    if (request.method === 'OPTIONS') {
      finish(request, undefined, message, response, { status: 204, headers: preflightHeaders(request.pathname), empty: true })
      return
    }
    const match = find(request.method, request.pathname)
    if (match) request.params = match.params
    answer(request, match, message, waitsForContinue ? response : undefined).then(
      (result) => finish(request, match, message, response, result),
      (error) => fail(request, match, message, response, error, waitsForContinue),
    )
  }

  async function answer(
    request: HttpRequest,
    match: Match | undefined,
    message: IncomingMessage,
    continued: ServerResponse | undefined,
  ): Promise<Answer> {
    const route = match?.route ?? unknown
    const early = route.before?.(request)
    if (early) await early
    if (hasBody(message)) request.body = await readBody(message, match?.route.maxBody ?? maxBodyBytes, budget, continued)
    // Awaited here, because a promise that is returned takes two turns more to be taken over.
    return await route.handle(request)
  }

  function finish(
    request: HttpRequest,
    match: Match | undefined,
    message: IncomingMessage,
    response: ServerResponse,
    result: Answer,
  ): void {
    try {
      if (response.destroyed) return
      const status = sendAnswer(response, request, result, { sign, now, closing: stopping })
      counts.answers.add(status)
      if (verbose) log.debug({ requestId: request.id, method: request.method, path: loggedPath(request, match, status), status })
    } catch (error) {
      if (!response.headersSent) fail(request, match, message, response, error, false)
      else response.destroy()
    }
  }

  function fail(
    request: HttpRequest,
    match: Match | undefined,
    message: IncomingMessage,
    response: ServerResponse,
    error: unknown,
    waitsForContinue: boolean,
  ): void {
    if (error instanceof ClientGone || response.destroyed) return
    const { status, headers, json, unexpected } = errorAnswer(error, request.id)
    const line = {
      requestId: request.id,
      method: request.method,
      path: loggedPath(request, match, status),
      status,
      code: json.code,
    }
    if (unexpected) log.error({ ...line, err: error }, 'failed')
    else log.info(line, 'refused')
    // Whoever is still sending is listened to until the end: a connection closed before that is reset, and the answer lost with it.
    const open = !waitsForContinue && !message.complete
    sendAnswer(response, request, { status, headers, json }, { sign, now, closing: stopping || waitsForContinue, open })
    counts.answers.add(status)
    counts.refusals.add(json.code)
    discardBody(message, () => response.end())
  }

  return {
    server,
    routes,
    /** Resolves when connections are accepted, with the real port. Rejects when the address is taken. */
    listen(port: number, host: string): Promise<AddressInfo> {
      return new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          const address = server.address()
          if (address === null || typeof address === 'string') reject(new Error('The relay is not listening on a port.'))
          else resolve(address)
        })
      })
    },
    /** Takes no new requests and lets the running ones finish, at most 10 s. relay:GEN8 */
    async close(): Promise<void> {
      stopping = true
      if (!server.listening) return
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const cut = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS)
      await closed
      clearTimeout(cut)
    },
  }
}

/** Only these go to `upgrade`; what offers another protocol (curl offers h2c) is answered as a plain request. */
function wantsWebSocket(message: IncomingMessage): boolean {
  return message.headers.upgrade?.toLowerCase() === 'websocket'
}

/** The path as far as it can hold no secret: of requests nobody serves only the route's pattern, never what was typed. relay:LOG1 */
function loggedPath(request: HttpRequest, match: Match | undefined, status: number): string {
  if (!match) return '(no such route)'
  return status === 404 ? match.route.path : request.pathname
}

function brokenHttp(code: string | undefined): RelayError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new RelayError('invalid_body', 'The request was not complete in time. Send it again.', { status: 408 })
  if (code === 'HPE_HEADER_OVERFLOW')
    return new RelayError('invalid_body', 'The request headers are too large. Send fewer or shorter ones.', { status: 431 })
  return new RelayError('invalid_body', 'This is not a valid HTTP request. Check the address and the protocol.')
}
