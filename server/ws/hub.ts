import { CLOSE } from '#protocol/limits.ts'
import type { ChannelMessage } from '#protocol/message.ts'
import type { ServerFrame } from '#protocol/socket.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { InboxStore } from '../store/port.ts'
import { createBacklogWatch } from './backlog.ts'
import { createCatchUp } from './catchUp.ts'
import { CLOSED, type Connection, hasRoom, isOpen, say, shut, writeRun } from './connection.ts'
import { type MessageRun, runsOf } from './frame.ts'
import { createHeartbeat } from './heartbeat.ts'

/** How long a stopping relay waits for its clients to answer the close, ms. */
const CLOSE_WITHIN_MS = 2_000

export type Hub = ReturnType<typeof createHub>

/** As the operator sees it. */
export type OpenSocket = {
  userId: string
  kind: Connection['kind']
  stage: Exclude<Connection['stage']['at'], 'closed'>
  /** Epoch ms. */
  openedAt: number
  unsentBytes: number
}

/**
 * All open sockets, by session. What is committed goes to them by itself; `push` is for what comes another way. `stalledMs` is relay:WS15's minute.
 */
export function createHub({
  inbox,
  clock,
  log,
  maxPerUser,
  stalledMs,
}: {
  inbox: Pick<InboxStore, 'readAfter' | 'onCommitted'>
  clock: Clock
  log: Pick<Log, 'error'>
  maxPerUser: number
  stalledMs?: number
}) {
  const all = new Set<Connection>()
  /** Open ones of each session, oldest first. */
  const users = new Map<string, Set<Connection>>()
  const catchUp = createCatchUp({ inbox, log })
  const heartbeat = createHeartbeat({ clock, connections: () => all })
  const stopListening = inbox.onCommitted(push)
  let closing = false
  let allClosed: (() => void) | undefined

  /** One pass per commit: each message's frame is built once, each socket gets all of its session in one write. relay:CUR2, WS10 */
  function push(messages: readonly ChannelMessage[]): void {
    if (users.size === 0) return
    for (const run of runsOf(messages.filter(({ userId }) => users.has(userId))))
      for (const connection of users.get(run.userId) ?? []) offer(connection, run)
  }

  /** Whatever cannot go out now, in order and without a gap, is read from the store when it can. */
  function offer(connection: Connection, run: MessageRun): void {
    if (connection.stage.at === 'catchingUp') connection.stage.more = true
    if (connection.stage.at !== 'live' || run.last <= connection.sent) return
    if (run.first === connection.sent + 1 && hasRoom(connection)) writeRun(connection, run)
    else catchUp(connection)
  }

  function leave(connection: Connection): void {
    const connections = users.get(connection.known.session.userId)
    if (!connections?.delete(connection)) return
    if (connections.size === 0) users.delete(connection.known.session.userId)
  }

  function close(connection: Connection, code: number, reason: string): void {
    leave(connection)
    shut(connection, code, reason)
  }

  return {
    push,
    catchUp,
    onBacklog: createBacklogWatch({ stalledMs }),

    /** A sixth socket ends the session's oldest. relay:WS14 */
    add(connection: Connection): void {
      const { userId } = connection.known.session
      all.add(connection)
      connection.ws.on('close', () => {
        connection.stage = CLOSED
        all.delete(connection)
        leave(connection)
        if (all.size === 0) allClosed?.()
      })
      if (closing) {
        close(connection, CLOSE.restarting, 'The relay is restarting')
        return
      }
      const connections = users.get(userId) ?? new Set()
      for (const other of connections) if (!isOpen(other)) connections.delete(other)
      users.set(userId, connections.add(connection))
      while (connections.size > maxPerUser) {
        const [oldest] = connections
        if (oldest) close(oldest, CLOSE.tooMany, 'Too many connections for this session')
      }
      heartbeat.start()
    },

    /**
     * Tells something to the v2 sockets of a session. A function is asked once per socket, for frames that hold URLs of this relay. relay:WS16
     */
    sendFrame(userId: string, frame: ServerFrame | ((baseUrl: string) => ServerFrame)): void {
      for (const connection of users.get(userId) ?? [])
        if (connection.kind === 'v2' && isOpen(connection))
          say(connection, typeof frame === 'function' ? frame(connection.baseUrl) : frame)
    },

    /** Tells those v2 sockets that have resumed; whoever resumes later is told by `onResumed`. relay:APV1 */
    tellResumed(userId: string, frame: ServerFrame): void {
      for (const connection of users.get(userId) ?? []) if (connection.resumed && isOpen(connection)) say(connection, frame)
    },

    /** Whether the session has an open v2 socket. relay:APV4 */
    listens(userId: string): boolean {
      for (const connection of users.get(userId) ?? []) if (connection.kind === 'v2' && isOpen(connection)) return true
      return false
    },

    /** The session was removed. relay:WS15 */
    closeSession(userId: string, code: number = CLOSE.policy, reason = 'This session was deleted'): void {
      for (const connection of [...(users.get(userId) ?? [])]) close(connection, code, reason)
    },

    /** These apiKeys are no longer valid. relay:REG7, WS15 */
    closeTokens(tokenHashes: Iterable<string>, code: number = CLOSE.policy, reason = 'This apiKey was revoked'): void {
      const ended = new Set(tokenHashes)
      for (const connection of [...all]) if (ended.has(connection.known.tokenHash)) close(connection, code, reason)
    },

    /** Open sockets of all sessions. relay:HLT1 */
    count: () => all.size,
    /** Open sockets by protocol, and how many do not keep up with what comes. */
    kinds(): { v2: number; legacy: number; behind: number } {
      const kinds = { v2: 0, legacy: 0, behind: 0 }
      for (const connection of all) {
        kinds[connection.kind] += 1
        if (connection.congested) kinds.behind += 1
      }
      return kinds
    },
    countOf: (userId: string): number => users.get(userId)?.size ?? 0,
    /** The open sockets of a session, newest first, with the apiKey each was opened with. relay:SES1 */
    ofSession: (userId: string): { openedAt: number; kind: Connection['kind']; tokenHash: string }[] =>
      [...(users.get(userId) ?? [])].reverse().map(({ openedAt, kind, known }) => ({ openedAt, kind, tokenHash: known.tokenHash })),
    /** The newest, of all sessions or one. relay:ADM6 */
    list(limit: number, userId?: string): OpenSocket[] {
      const found = userId === undefined ? all : (users.get(userId) ?? [])
      return [...found].slice(-limit).reverse().flatMap(toOpenSocket)
    },

    /** Closes every socket with 1012 and waits a little for the clients to answer. relay:GEN8 */
    async close(): Promise<void> {
      closing = true
      stopListening()
      heartbeat.close()
      for (const connection of [...all]) close(connection, CLOSE.restarting, 'The relay is restarting')
      if (all.size === 0) return
      await new Promise<void>((resolve) => {
        const cancel = clock.after(CLOSE_WITHIN_MS, resolve)
        allClosed = () => {
          cancel()
          resolve()
        }
      })
      for (const connection of all) connection.ws.terminate()
    },
  }
}

function toOpenSocket({ known, kind, stage, openedAt, socket }: Connection): OpenSocket[] {
  if (stage.at === 'closed') return []
  return [{ userId: known.session.userId, kind, stage: stage.at, openedAt, unsentBytes: socket.writableLength }]
}
