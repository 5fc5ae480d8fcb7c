import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { RelayError } from '#protocol/errors.ts'
import { CLOSE, MAX_FRAME_BYTES, SOCKET_PROTOCOL } from '#protocol/limits.ts'
import { helloText } from '#protocol/signing.ts'
import { hashToken } from '../auth/secrets.ts'
import type { ServerKey } from '../auth/serverKey.ts'
import type { Known, Sessions } from '../auth/sessions.ts'
import type { Tickets } from '../auth/tickets.ts'
import type { Clock } from '../clock.ts'
import type { Addresses } from '../http/address.ts'
import { type Prove, sendRawError } from '../http/rawAnswer.ts'
import type { RateLimits } from '../http/route.ts'
import { signatureOf, wantsSignature } from '../http/send.ts'
import type { Log } from '../log.ts'
import { type Counts, createCounts } from '../metrics/counts.ts'
import type { InboxState, InboxStore } from '../store/port.ts'
import { type Connection, say, shut } from './connection.ts'
import { type Handshake, proveHandshake, readHandshake } from './credentials.ts'
import { type ApprovalDesk, createDecisions } from './decisions.ts'
import { RESUME_TICKS } from './heartbeat.ts'
import type { Hub } from './hub.ts'
import { createReceiver } from './receive.ts'
import { createReplyFrames, type Replies } from './replyFrames.ts'
import { createResume } from './resume.ts'

/** How long a client has to answer a close before its socket is cut, ms. */
const CLOSE_ANSWER_MS = 5_000

/** The handler of HTTP's `upgrade`: GET /ws and nothing else. relay:WS1-WS8, SRV2 */
export function createUpgrade({
  sessions,
  tickets,
  serverKey,
  hub,
  inbox,
  replies,
  approvals,
  limits,
  addresses,
  nextRequestId,
  clock,
  log,
  counts = createCounts(),
}: {
  sessions: Pick<Sessions, 'byToken' | 'byTokenHash'>
  tickets: Pick<Tickets, 'take'>
  serverKey: Pick<ServerKey, 'sign'>
  hub: Hub
  inbox: InboxStore
  replies: Replies
  approvals: ApprovalDesk
  limits: RateLimits
  addresses: Addresses
  nextRequestId: () => string
  clock: Clock
  log: Pick<Log, 'debug' | 'info' | 'error'>
  counts?: Pick<Counts, 'sockets' | 'refusals'>
}) {
  const decisions = createDecisions({ approvals, log })
  const resume = createResume({ inbox, catchUp: hub.catchUp, onResumed: decisions.ask, clock })
  const replyFrame = createReplyFrames({ replies, limits, clock, log })
  const receive = createReceiver({ inbox, resume, replyFrame, decide: decisions.decide, log })
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    closeTimeout: CLOSE_ANSWER_MS,
    handleProtocols: (offered: Set<string>) => offered.has(SOCKET_PROTOCOL) && SOCKET_PROTOCOL,
  }
  const server = new WebSocketServer(options)
  /** Of handshakes under way, for the answer's head. relay:GEN3 */
  const requestIds = new WeakMap<IncomingMessage, string>()
  server.on('headers', (headers, request) => headers.push(`X-Request-Id: ${requestIds.get(request)}`))
  server.on('wsClientError', (_error, socket, request) => {
    const requestId = requestIds.get(request) ?? nextRequestId()
    log.info({ requestId, code: 'invalid_body' }, 'socket refused')
    sendRawError(socket, new RelayError('invalid_body', 'This is not a valid WebSocket handshake.'), requestId, prove(request))
  })

  /** A refused handshake is an answer like any other. Browsers cannot ask for its signature here; others can. relay:SRV1 */
  function prove({ headers }: IncomingMessage): Prove | undefined {
    if (!wantsSignature(headers)) return undefined
    return (status, body) => signatureOf(headers, { status, body, sign: serverKey.sign, now: () => clock.now() })
  }

  /** Everything that can refuse happens before the 101. relay:WS1 */
  async function admit(request: IncomingMessage) {
    const target = addresses.target(request.url ?? '')
    const [pathname = '', query] = target.split('?', 2)
    const handshake = readHandshake(request, new URLSearchParams(query))
    const { known, credential } = await proveHandshake(handshake, { sessions, tickets })
    // As for plain requests, only a known caller is told which paths there are. relay:GEN2
    if (pathname !== '/ws') throw new RelayError('not_found', 'Sockets are opened at /ws.')
    return { handshake, known, credential, state: await inbox.state(known.session.userId) }
  }

  function open(ws: WebSocket, socket: Socket, baseUrl: string, { kind }: Handshake, known: Known): Connection {
    const connection: Connection = {
      kind,
      known,
      openedAt: clock.now(),
      baseUrl,
      ws,
      socket,
      onBacklog: hub.onBacklog,
      stage: { at: 'greeting', ticksLeft: RESUME_TICKS, held: [], resuming: false },
      resumed: false,
      sent: 0,
      congested: false,
      crowded: false,
      heard: 0,
      quietTicks: 0,
      pingTicks: 0,
    }
    ws.on('error', () => {})
    ws.on('message', (data, isBinary) => receive(connection, data, isBinary))
    hub.add(connection)
    return connection
  }

  function greet(connection: Connection, state: InboxState, credential: string): void {
    if (connection.kind === 'legacy') {
      resume.legacy(connection, state)
      return
    }
    const { userId } = connection.known.session
    const timestamp = new Date(clock.now()).toISOString()
    const signed = helloText({ timestamp, credentialHash: hashToken(credential), userId, epoch: state.epoch })
    say(connection, {
      type: 'hello',
      protocol: SOCKET_PROTOCOL,
      userId,
      epoch: state.epoch,
      head: state.head,
      serverTime: timestamp,
      challenge: { timestamp, signature: serverKey.sign(signed) },
    })
  }

  /** The apiKey may have ended while the socket was opening, when the hub did not know it yet. relay:REG7, WS15 */
  async function checkStillValid(connection: Connection): Promise<void> {
    if (!(await sessions.byTokenHash(connection.known.tokenHash))) shut(connection, CLOSE.policy, 'This apiKey was revoked')
  }

  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const requestId = nextRequestId()
    const giveUp = () => socket.destroy()
    socket.on('error', giveUp)
    admit(request)
      .then(({ handshake, known, credential, state }) => {
        socket.off('error', giveUp)
        requestIds.set(request, requestId)
        server.handleUpgrade(request, socket, head, (ws) => {
          log.debug({ requestId, status: 101, kind: handshake.kind }, 'socket opened')
          counts.sockets.add(handshake.kind)
          const connection = open(ws, socket as Socket, addresses.baseUrl(request), handshake, known)
          greet(connection, state, credential)
          checkStillValid(connection).catch((error) => {
            log.error({ requestId, err: error }, 'a socket could not be checked')
            shut(connection, CLOSE.restarting, 'Try again')
          })
        })
      })
      .catch((error) => {
        counts.refusals.add(error instanceof RelayError ? error.code : 'internal')
        if (error instanceof RelayError) log.info({ requestId, code: error.code }, 'socket refused')
        else log.error({ requestId, err: error }, 'socket failed')
        sendRawError(socket, error, requestId, prove(request))
      })
  }
}
