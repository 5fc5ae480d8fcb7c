import { createHash, createPublicKey, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

type Message = {
  id: string
  userId: string
  channelType: string
  channelId: string
  from: string
  content: string
  timestamp: string
  metadata: object
}
type Key = { kty: string; crv: string; x: string; y: string }
type Reply = { channelId: string; content: string }

/** The only headers it lets a page send. */
const ALLOWED = 'Content-Type, Authorization, X-Timestamp, X-Nonce, X-Signature'
const REPLAYED_MS = 5 * 60_000

export type OldRelay = Awaited<ReturnType<typeof startOldRelay>>

/**
 * A relay from before server signatures, tickets and positions: registration without a signature, requests signed v1 over path and body,
 * `GET /messages?since=`, a socket opened by the token in its address that replays five minutes and answers a reply without naming it. It
 * spells the signed text out by itself, to check the client's.
 */
export async function startOldRelay({ port = 0 }: { port?: number } = {}) {
  const messages: Message[] = []
  const replies: Reply[] = []
  const asked: string[] = []
  const nonces = new Set<string>()
  const sockets = new Set<WebSocket>()
  let key: Key | undefined
  let apiKey = 'old-key-1'
  let made = 0
  const wss = new WebSocketServer({ noServer: true })

  function isSigned(request: IncomingMessage, body: string): boolean {
    const header = (name: string): string => String(request.headers[name] ?? '')
    const nonce = header('x-nonce')
    if (!key || nonces.has(nonce) || nonce.length < 8 || header('x-signature-version')) return false
    nonces.add(nonce)
    const path = (request.url ?? '').split('?')[0]
    const text = `${header('x-timestamp')}|${nonce}|${path}|${createHash('sha256').update(body).digest('hex')}`
    const signature = Buffer.from(header('x-signature'), 'base64')
    return verify(
      'sha256',
      Buffer.from(text),
      { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      signature,
    )
  }

  function answer(request: IncomingMessage, body: string): [status: number, json: unknown] {
    const url = new URL(request.url ?? '', 'http://old')
    const what = `${request.method} ${url.pathname}`
    if (what === 'GET /health') return [200, { status: 'ok', version: '0.3.1', kv: true, websockets: sockets.size, uptime: 5 }]
    if (what === 'POST /auth/register') {
      key = JSON.parse(body).publicKey
      return [200, { userId: 'old-user', apiKey }]
    }
    if (request.headers.authorization !== `Bearer ${apiKey}`) return [401, { error: 'Invalid API key' }]
    if (!isSigned(request, body)) return [401, { error: 'Invalid signature' }]
    if (what === 'GET /messages') {
      const since = Date.parse(url.searchParams.get('since') ?? '1970-01-01T00:00:00Z')
      const newer = messages.filter(({ timestamp }) => Date.parse(timestamp) > since)
      return [200, { messages: newer, since: new Date().toISOString() }]
    }
    if (what === 'GET /channels') return [200, { channels: [] }]
    if (what === 'POST /reply') {
      replies.push(JSON.parse(body))
      return [200, { ok: true, responseId: `old-${replies.length}` }]
    }
    return [404, { error: 'Not found' }]
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Headers', ALLOWED)
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PATCH, DELETE, OPTIONS')
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end()
      return
    }
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      asked.push(`${request.method} ${(request.url ?? '').split('?')[0]}`)
      const [status, json] = answer(request, body)
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json))
    })
  }

  function greet(socket: WebSocket): void {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data))
      asked.push(`frame ${frame.type}`)
      if (frame.type === 'ping') socket.send('{"type":"pong"}')
      if (frame.type !== 'reply') return
      replies.push(frame)
      socket.send(JSON.stringify({ type: 'reply_ack', ok: true, responseId: `old-${replies.length}` }))
    })
    const lately = messages.filter(({ timestamp }) => Date.parse(timestamp) > Date.now() - REPLAYED_MS)
    for (const message of lately) socket.send(JSON.stringify({ type: 'message', message }))
  }

  const server = createServer(serve)
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '', 'http://old')
    if (url.pathname !== '/ws' || url.searchParams.get('token') !== apiKey) {
      asked.push('handshake refused')
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
      return
    }
    wss.handleUpgrade(request, socket, head, greet)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  return {
    port: (server.address() as AddressInfo).port,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    replies,
    /** What it was asked, as `METHOD /path`, `frame type` and `handshake refused`. */
    asked,
    sockets: () => sockets.size,
    /** Something comes in; `pushes` says how often open sockets are told. */
    deliver(content: string, pushes = 1, at = Date.now()): void {
      made += 1
      const timestamp = new Date(at).toISOString()
      const message = {
        id: `old-${made}`,
        userId: 'old-user',
        channelType: 'webhook',
        channelId: 'hook',
        from: 'ci',
        content,
        timestamp,
        metadata: {},
      }
      messages.push(message)
      for (const socket of sockets)
        for (let time = 0; time < pushes; time++) socket.send(JSON.stringify({ type: 'message', message }))
    },
    /** The token is worth nothing any more, and every socket is gone. */
    revoke(): void {
      apiKey = `old-key-${Math.random()}`
      for (const socket of sockets) socket.terminate()
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
