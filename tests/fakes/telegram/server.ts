import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readCall } from '../request.ts'
import { asRefusal, type createFaults } from './faults.ts'
import { methodNamed } from './methods.ts'
import type { FakeBot } from './model.ts'
import { Refusal } from './refusal.ts'

const CALL = /^\/bot([^/]+)\/([A-Za-z]+)$/
const FILE = /^\/file\/bot([^/]+)\/(.+)$/

type Server = {
  botOf(token: string): FakeBot | undefined
  faults: ReturnType<typeof createFaults>
  /** After each call: deliveries may have become possible. */
  afterCall(bot: FakeBot): void
}

/** The Bot API over HTTP on a free port of 127.0.0.1. */
export async function serveBotApi(server: Server) {
  const http = createServer((request, response) => {
    answer(server, request, response).catch((error: unknown) =>
      send(response, 500, { ok: false, error_code: 500, description: String(error) }),
    )
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return {
    apiRoot: `http://127.0.0.1:${port}`,
    close(): Promise<void> {
      http.closeAllConnections()
      return new Promise((resolve) => http.close(() => resolve()))
    },
  }
}

async function answer(server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://fake').pathname)
  const file = FILE.exec(path)
  if (file) return sendFile(server.botOf(file[1] ?? ''), file[2] ?? '', response)
  const [, token = '', methodName = ''] = CALL.exec(path) ?? []
  const { args, uploads } = await readCall(request)
  const bot = server.botOf(token)
  const method = methodNamed(methodName)
  const fault = method && server.faults.take(method.name)
  if (fault?.kind === 'hangUp') return void response.destroy()
  try {
    if (!/^\d+:/.test(token)) throw new Refusal(404, 'Not Found')
    if (!bot || bot.revoked) throw new Refusal(401, 'Unauthorized')
    if (!method) throw new Refusal(404, 'Not Found: method not found')
    bot.calls.put({ method: method.name, args })
    if (fault?.kind === 'refuse') throw asRefusal(fault)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const result = await method.handle({ bot, uploads, gone: gone.signal }, args)
    if (fault?.kind === 'dropAfterAccept') return void response.destroy()
    send(response, 200, { ok: true, result })
    server.afterCall(bot)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, parameters } = error
    send(response, code, { ok: false, error_code: code, description: message, ...(parameters && { parameters }) })
  }
}

function sendFile(bot: FakeBot | undefined, path: string, response: ServerResponse): void {
  const stored = [...(bot?.files.values() ?? [])].find(({ file }) => file.file_path === path)
  if (!stored) {
    send(response, 404, { ok: false, error_code: 404, description: 'Not Found' })
    return
  }
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': stored.bytes.length })
  response.end(stored.bytes)
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
