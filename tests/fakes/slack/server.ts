import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Caller, needScope } from './call.ts'
import type { Fault, Faults } from './faults.ts'
import { methods } from './methods.ts'
import type { FakeApp } from './model.ts'
import { Refusal } from './refusal.ts'
import { readArguments, readUpload } from './request.ts'
import type { Sockets } from './sockets.ts'

const CALL = /^\/api\/([a-zA-Z.]+)$/
const FILE = /^\/files-pri\/(?:[^/]+-)?(F[A-Z0-9]+)\//
const UPLOAD = /^\/upload\/v1\/(F[A-Z0-9]+)$/

type Server = { apps: FakeApp[]; faults: Faults; sockets: Sockets; nextTs(): string }

/** Web API, files and Socket Mode on a free port of 127.0.0.1. */
export async function serveSlack(server: Server) {
  const http = createServer((request, response) => {
    answer({ ...server, baseUrl: `http://${request.headers.host}` }, request, response).catch((error: unknown) =>
      send(response, 500, { ok: false, error: String(error) }),
    )
  })
  http.on('upgrade', server.sockets.upgrade)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  server.sockets.listenAt(`ws://127.0.0.1:${port}`)
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    close(): Promise<void> {
      server.sockets.close()
      http.closeAllConnections()
      return new Promise((resolve) => http.close(() => resolve()))
    },
  }
}

type Running = Server & { baseUrl: string }

async function answer(server: Running, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://fake')
  const [, upload] = UPLOAD.exec(pathname) ?? []
  if (upload) return takeUpload(server, upload, request, response)
  const [, file] = FILE.exec(pathname) ?? []
  if (file) return sendFile(server, file, request, response)
  const [, name = ''] = CALL.exec(pathname) ?? []
  const { token: given, ...args } = await readArguments(request)
  const token = bearer(request) ?? given ?? ''
  const fault = server.faults.take(name)
  if (fault && breaks(fault, response)) return
  try {
    const method = methods[name]
    if (!method) throw new Refusal('unknown_method')
    const app = callerOf(server, method.token, token)
    app.calls.put({ method: name, args })
    if (fault?.kind === 'error') throw new Refusal(fault.error)
    if (method.scope) needScope(app, method.scope)
    const caller: Caller = { app, baseUrl: server.baseUrl, nextTs: server.nextTs, openSocket: server.sockets.address }
    const result = method.handle(caller, args)
    if (fault?.kind === 'dropAfterAccept') return void response.destroy()
    send(response, 200, result, { 'x-oauth-scopes': app.scopes.join(',') })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    send(response, 200, { ok: false, error: error.message, ...error.more })
  }
}

/** Faults that need no work done; true when that was the answer. */
function breaks(fault: Fault, response: ServerResponse): boolean {
  if (fault.kind === 'hangUp') response.destroy()
  if (fault.kind === 'http') {
    response.writeHead(fault.status, fault.headers)
    response.end(fault.body)
  }
  if (fault.kind === 'rateLimit') {
    const { retryAfter } = fault
    send(response, 429, { ok: false, error: 'ratelimited' }, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) })
  }
  return fault.kind !== 'error' && fault.kind !== 'dropAfterAccept'
}

function callerOf({ apps }: Server, kind: 'bot' | 'app', token: string): FakeApp {
  if (token === '') throw new Refusal('not_authed')
  const app = apps.find(({ botToken, appToken }) => token === botToken || token === appToken)
  if (!app) throw new Refusal('invalid_auth')
  if (token !== (kind === 'bot' ? app.botToken : app.appToken)) throw new Refusal('not_allowed_token_type')
  const refused = kind === 'bot' ? app.botRefused : app.appRefused
  if (refused !== undefined) throw new Refusal(refused)
  return app
}

async function takeUpload(
  { apps, faults }: Running,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fault = faults.take('upload')
  const bytes = await readUpload(request)
  if (fault && breaks(fault, response)) return
  const app = apps.find(({ files }) => files.has(id))
  const stored = app?.files.get(id)
  if (!stored) return send(response, 404, 'no such upload')
  app?.calls.put({ method: 'upload', args: { authorization: request.headers.authorization ?? '' } })
  stored.bytes = bytes
  response.writeHead(200).end(`OK - ${bytes.length}`)
}

/** Whoever shows no good token is sent to the login page, as the real server does. */
function sendFile({ apps, faults }: Running, id: string, request: IncomingMessage, response: ServerResponse): void {
  const fault = faults.take('download')
  if (fault && breaks(fault, response)) return
  const app = apps.find(({ files }) => files.has(id))
  const stored = app?.files.get(id)
  const known = app && bearer(request) === app.botToken && app.botRefused === undefined && app.scopes.includes('files:read')
  if (!known || !stored) return void response.writeHead(302, { location: 'https://ada-team.slack.com/?redir=%2Ffiles-pri' }).end()
  response.writeHead(200, { 'content-type': stored.shared.mimetype, 'content-length': stored.bytes.length })
  response.end(stored.bytes)
}

function bearer(request: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}
