import type { IncomingMessage, Server } from 'node:http'
import { type APIMessage, GatewayIntentBits, GatewayOpcodes, type GatewayReceivePayload } from 'discord-api-types/v10'
import { type WebSocket, WebSocketServer } from 'ws'
import { withoutContent } from './messages.ts'
import type { FakeBot, FakeSession } from './model.ts'
import type { World } from './world.ts'

export type FakeGateway = ReturnType<typeof serveGateway>
type Line = { socket: WebSocket; path: string; openedAt: number; bot: FakeBot | undefined; session: FakeSession | undefined }

/** Why a line is closed. */
class Closing extends Error {
  readonly code: number
  constructor(code: number, reason: string) {
    super(reason)
    this.code = code
  }
}

/** The Gateway on `/gateway` of a server: hello, heartbeats, identify, resume with replay, and what a test wants it to do wrong. */
export function serveGateway(http: Server, world: World) {
  const sockets = new WebSocketServer({ noServer: true })
  const lines = new Set<Line>()
  const settings = { heartbeatMs: 45_000, acknowledges: true, answersIdentify: true, refusesConnections: false }
  const firstBeats = new Map<Line, number>()
  let nextSession = 1

  http.on('upgrade', (request: IncomingMessage, socket, head) => {
    if (settings.refusesConnections) socket.destroy()
    else sockets.handleUpgrade(request, socket, head, (ws) => open(ws, request))
  })

  function open(socket: WebSocket, request: IncomingMessage): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake')
    if (searchParams.get('v') !== '10' || searchParams.get('encoding') !== 'json') {
      socket.close(4012, 'Invalid API version')
      return
    }
    const line: Line = { socket, path: pathname, openedAt: performance.now(), bot: undefined, session: undefined }
    lines.add(line)
    socket.on('close', () => lines.delete(line))
    socket.on('error', () => undefined)
    socket.on('message', (data) => receive(line, JSON.parse(String(data))))
    send(line, { op: GatewayOpcodes.Hello, d: { heartbeat_interval: settings.heartbeatMs } })
  }

  function receive(line: Line, { op, d }: { op: number; d: Record<string, unknown> }): void {
    try {
      if (op === GatewayOpcodes.Heartbeat && !firstBeats.has(line)) firstBeats.set(line, performance.now() - line.openedAt)
      if (op === GatewayOpcodes.Heartbeat && settings.acknowledges) send(line, { op: GatewayOpcodes.HeartbeatAck })
      else if (op === GatewayOpcodes.Identify) identify(line, String(d.token), Number(d.intents))
      else if (op === GatewayOpcodes.Resume) resume(line, String(d.token), String(d.session_id), Number(d.seq))
    } catch (error) {
      if (!(error instanceof Closing)) throw error
      line.socket.close(error.code, error.message)
    }
  }

  function botOf(token: string): FakeBot {
    const bot = world.bots.find((known) => known.token === token)
    if (!bot) throw new Closing(4004, 'Authentication failed.')
    return bot
  }

  function identify(line: Line, token: string, intents: number): void {
    const bot = botOf(token)
    if (intents & GatewayIntentBits.MessageContent && !bot.messageContent) {
      bot.sessionStarts.put({ kind: 'refused', intents })
      throw new Closing(4014, 'Disallowed intent(s).')
    }
    const session: FakeSession = { id: `session${nextSession++}`, token, intents, events: [], seq: 0 }
    bot.sessions.set(session.id, session)
    line.bot = bot
    line.session = session
    bot.sessionStarts.put({ kind: 'identify', intents, sessionId: session.id })
    if (!settings.answersIdentify) return
    emit(session, 'READY', {
      v: 10,
      user: bot.user,
      session_id: session.id,
      resume_gateway_url: `${gatewayUrl(world)}/resume`,
      guilds: [...world.guilds.keys()].map((id) => ({ id, unavailable: true })),
      application: { id: bot.application.id, flags: 0 },
      shard: [0, 1],
    })
  }

  function resume(line: Line, token: string, sessionId: string, seq: number): void {
    const bot = botOf(token)
    const session = bot.sessions.get(sessionId)
    bot.sessionStarts.put({ kind: 'resume', sessionId, seq, path: line.path })
    if (!session) {
      send(line, { op: GatewayOpcodes.InvalidSession, d: false })
      return
    }
    if (seq > session.seq) throw new Closing(4007, 'Invalid seq.')
    for (const other of lines) if (other.session === session) other.session = undefined
    line.bot = bot
    line.session = session
    for (const event of session.events) if ((event.s ?? 0) > seq) send(line, event)
    emit(session, 'RESUMED', { _trace: [] })
  }

  /** Numbers an event of a session, keeps it, and sends it if anybody listens. */
  function emit(session: FakeSession, t: string, d: unknown): void {
    const event = { op: GatewayOpcodes.Dispatch, t, s: ++session.seq, d } as GatewayReceivePayload
    session.events.push(event)
    for (const line of lines) if (line.session === session) send(line, event)
  }

  function linesOf(bot: FakeBot): Line[] {
    return [...lines].filter((line) => line.bot === bot)
  }

  return {
    settings,
    /** An event for every session whose intents ask for it. */
    dispatch(bot: FakeBot, t: string, d: object, intent: number): void {
      for (const session of bot.sessions.values()) if (intent === 0 || session.intents & intent) emit(session, t, d)
    },
    /** A message event; who did not ask for contents gets none of other people's talk in guilds. */
    message(bot: FakeBot, t: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE', message: APIMessage, guildId: string | undefined): void {
      const wanted = guildId === undefined ? GatewayIntentBits.DirectMessages : GatewayIntentBits.GuildMessages
      for (const session of bot.sessions.values()) {
        if (!(session.intents & wanted)) continue
        const sees = guildId === undefined || session.intents & GatewayIntentBits.MessageContent
        emit(session, t, { ...(sees ? message : withoutContent(message, bot.user.id)), ...(guildId && { guild_id: guildId }) })
      }
    },
    /** What a session was sent is sent again, as it was. */
    repeat(bot: FakeBot): void {
      for (const line of linesOf(bot)) for (const event of line.session?.events ?? []) if (event.s !== 1) send(line, event)
    },
    /** How long after its opening each line sent its first heartbeat, ms. */
    firstHeartbeats: (): number[] => [...firstBeats.values()],
    connections: (bot: FakeBot): number => linesOf(bot).length,
    /** The line is cut without a word; the session can be resumed. */
    cut(bot: FakeBot): void {
      for (const { socket } of linesOf(bot)) socket.terminate()
    },
    close(bot: FakeBot, code: number): void {
      for (const { socket } of linesOf(bot)) socket.close(code)
    },
    /** Op 7. */
    askToReconnect(bot: FakeBot): void {
      for (const line of linesOf(bot)) send(line, { op: GatewayOpcodes.Reconnect })
    },
    /** Op 9. */
    invalidate(bot: FakeBot, resumable: boolean): void {
      const found = linesOf(bot)
      if (!resumable) bot.sessions.clear()
      for (const line of found) send(line, { op: GatewayOpcodes.InvalidSession, d: resumable })
    },
    /** Sessions end after a while without a connection. */
    forgetSessions(bot: FakeBot): void {
      bot.sessions.clear()
    },
    stop(): void {
      for (const client of sockets.clients) client.terminate()
      sockets.close()
    },
  }
}

function send({ socket }: Line, payload: unknown): void {
  socket.send(JSON.stringify(payload))
}

export function gatewayUrl(world: World): string {
  return `${world.origin.replace(/^http/, 'ws')}/gateway`
}
