import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readCall } from '../request.ts'
import type { createBuckets } from './buckets.ts'
import { asRefusal, type createFaults } from './faults.ts'
import type { FakeBot } from './model.ts'
import { Refusal } from './refusal.ts'
import { handle, type Matched, matchRoute } from './routes.ts'
import { expiry, type World } from './world.ts'

const API = '/api/v10'

type Server = { world: World; faults: ReturnType<typeof createFaults>; buckets: ReturnType<typeof createBuckets> }

/** The REST API and the file host on a free port of 127.0.0.1. */
export async function serveApi(server: Server) {
  const http = createServer((request, response) => {
    answer(server, request, response).catch((error: unknown) => send(response, 500, { message: String(error), code: 0 }))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  server.world.origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return {
    http,
    apiRoot: `${server.world.origin}/api`,
    close(): Promise<void> {
      http.closeAllConnections()
      return new Promise((resolve) => http.close(() => resolve()))
    },
  }
}

async function answer(server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake')
  if (!pathname.startsWith(API)) return sendFile(server.world, pathname, searchParams, response)
  const path = decodeURIComponent(pathname.slice(API.length))
  const matched = matchRoute(request.method ?? 'GET', path)
  const { args, uploads } = await readCall(request)
  const fault = matched && server.faults.take(matched.route)
  if (fault?.kind === 'hangUp') return hangUp(response)
  if (fault?.kind === 'page') return sendPage(response, fault.status)
  try {
    if (!matched) throw new Refusal(404, 0, '404: Not Found')
    const { route, params } = matched
    const call = { world: server.world, params, query: Object.fromEntries(searchParams), body: bodyOf(args), uploads }
    const bot = caller(server.world, request)
    if (bot && fault?.kind === 'refuse') throw asRefusal(fault)
    if (bot) limit(server, matched, response)
    bot?.calls.put({ route, path, query: call.query, body: call.body })
    const result = handle(route, call, bot)
    if (fault?.kind === 'dropAfterAccept') return hangUp(response)
    if (result === undefined) response.writeHead(204).end()
    else send(response, 200, result)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    refuse(response, error)
  }
}

function caller({ bots }: World, request: IncomingMessage): FakeBot | undefined {
  const token = /^Bot (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  return bots.find((known) => known.token === token)
}

function limit({ buckets }: Server, { route, params }: Matched, response: ServerResponse): void {
  const { headers, retryAfter } = buckets.take(route, params.channelId ?? '')
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (retryAfter !== undefined) throw new Refusal(429, 0, 'You are being rate limited.', { retryAfter, global: false })
}

function hangUp(response: ServerResponse): void {
  response.destroy()
}

function sendPage(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
}

/** With files, everything else is in one member. */
function bodyOf({ payload_json, ...args }: Record<string, unknown>): Record<string, unknown> {
  return typeof payload_json === 'object' && payload_json !== null ? (payload_json as Record<string, unknown>) : args
}

function refuse(response: ServerResponse, { status, code, message, limited }: Refusal): void {
  if (!limited) {
    send(response, status, { message, code })
    return
  }
  response.setHeader('retry-after', String(Math.ceil(limited.retryAfter)))
  response.setHeader('x-ratelimit-scope', limited.global ? 'global' : 'user')
  if (limited.global) response.setHeader('x-ratelimit-global', 'true')
  send(response, status, { message, retry_after: limited.retryAfter, global: limited.global })
}

/** Addresses of files end after a while, as those of the real host do. */
function sendFile({ files, filesMovedTo, now }: World, pathname: string, query: URLSearchParams, response: ServerResponse): void {
  const file = files.get(pathname)
  const good = file && file.validUntil > now() && query.get('ex') === expiry(file)
  if (filesMovedTo !== undefined) response.writeHead(302, { location: filesMovedTo }).end()
  else if (!file) response.writeHead(404).end()
  else if (!good) response.writeHead(403).end('This content is no longer available.')
  else response.writeHead(200, { 'content-type': file.contentType, 'content-length': file.bytes.length }).end(file.bytes)
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
