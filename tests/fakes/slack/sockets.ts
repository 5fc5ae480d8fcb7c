import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { createQueue } from '../queue.ts'
import type { EventCallback } from './events.ts'
import type { FakeApp } from './model.ts'

type Waiting = { app: FakeApp; payload: EventCallback; attempt: number }
type Open = { app: FakeApp; socket: WebSocket; unconfirmed: Map<string, Waiting> }
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled'

/**
 * Socket Mode: each address opens one socket once; an event goes to one of an app's sockets and comes again, in a new envelope, until one
 * confirms it. Events wait for as long as there is no socket; the real Slack gives up after a few minutes, which is what `forget` is for.
 */
export function createSockets() {
  const server = new WebSocketServer({ noServer: true })
  const tickets = new Map<string, FakeApp>()
  const open = new Set<Open>()
  let waiting: Waiting[] = []
  /** Ids of the events that were confirmed, in order. */
  const confirmed = createQueue<string>()
  /** Ids of envelopes that were confirmed and hold no event: those a test sent by hand. */
  const strays = createQueue<string>()
  const connected = createQueue<FakeApp>()
  const closed = createQueue<FakeApp>()
  const envelopes = createQueue<{ eventId: string; attempt: number }>()
  let silent = false
  let base = ''

  function accept(app: FakeApp, socket: WebSocket): void {
    const connection: Open = { app, socket, unconfirmed: new Map() }
    open.add(connection)
    socket.on('message', (data) => confirm(connection, String(data)))
    socket.on('close', () => {
      open.delete(connection)
      for (const { attempt, ...event } of connection.unconfirmed.values()) waiting.push({ ...event, attempt: attempt + 1 })
      closed.put(app)
      deliver()
    })
    if (!silent) socket.send(JSON.stringify(hello(app)))
    connected.put(app)
    deliver()
  }

  function hello(app: FakeApp) {
    const connections = [...open].filter((other) => other.app === app).length
    const debug_info = { host: 'applink-1', build_number: 1, approximate_connection_time: 18060 }
    return { type: 'hello', num_connections: connections, debug_info, connection_info: { app_id: app.appId } }
  }

  function confirm({ unconfirmed }: Open, text: string): void {
    const { envelope_id }: { envelope_id?: unknown } = JSON.parse(text)
    const event = unconfirmed.get(String(envelope_id))
    if (!event) return void strays.put(String(envelope_id))
    unconfirmed.delete(String(envelope_id))
    confirmed.put(event.payload.event_id)
  }

  function deliver(): void {
    if (silent) return
    const left: Waiting[] = []
    for (const event of waiting) {
      // The newest, as when Slack asked for a refresh and the old one is about to go.
      const target = [...open].findLast(({ app, socket }) => app === event.app && socket.readyState === socket.OPEN)
      if (target) send(target, event)
      else left.push(event)
    }
    waiting = left
  }

  function send({ socket, unconfirmed }: Open, event: Waiting): void {
    const envelope_id = randomBytes(16).toString('hex')
    unconfirmed.set(envelope_id, event)
    const retry = event.attempt > 0 ? { retry_reason: 'timeout' } : { retry_reason: '' }
    const { payload, attempt: retry_attempt } = event
    envelopes.put({ eventId: payload.event_id, attempt: retry_attempt })
    socket.send(
      JSON.stringify({ envelope_id, payload, type: 'events_api', accepts_response_payload: false, retry_attempt, ...retry }),
    )
  }

  return {
    confirmed,
    strays,
    connected,
    closed,
    envelopes,
    count: () => open.size,
    listenAt(address: string): void {
      base = address
    },
    address(app: FakeApp): string {
      const ticket = randomBytes(12).toString('hex')
      tickets.set(ticket, app)
      return `${base}/link/?ticket=${ticket}&app_id=${app.appId}`
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      const ticket = new URL(request.url ?? '/', 'http://fake').searchParams.get('ticket') ?? ''
      const app = tickets.get(ticket)
      tickets.delete(ticket)
      if (!app) return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
      server.handleUpgrade(request, socket, head, (accepted) => accept(app, accepted))
    },
    put(app: FakeApp, payload: EventCallback): void {
      waiting.push({ app, payload, attempt: 0 })
      deliver()
    },
    /** Sends again, in a new envelope, what nobody confirmed in time. */
    redeliver(): void {
      for (const { unconfirmed } of open) {
        for (const { attempt, ...event } of unconfirmed.values()) waiting.push({ ...event, attempt: attempt + 1 })
        unconfirmed.clear()
      }
      deliver()
    },
    /** Gives up on what waits, as after too many attempts. */
    forget(): void {
      waiting = []
    },
    /** Any frame, to every socket. */
    sendRaw(frame: string | Buffer): void {
      for (const { socket } of open) socket.send(frame)
    },
    askToDisconnect(reason: DisconnectReason): void {
      for (const { socket } of open) socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-1' } }))
    },
    /** Sockets open but say nothing, not even hello. */
    fallSilent(): void {
      silent = true
    },
    /** Cuts every line without a word. */
    cut(): void {
      for (const { socket } of open) socket.terminate()
    },
    close(): void {
      for (const { socket } of open) socket.terminate()
      server.close()
    },
  }
}
export type Sockets = ReturnType<typeof createSockets>
