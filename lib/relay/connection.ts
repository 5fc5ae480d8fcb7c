import { ticketAnswerSchema } from '#protocol/http.ts'
import { SOCKET_PROTOCOL } from '#protocol/limits.ts'
import type { ClientFrame, ServerFrame } from '#protocol/socket.ts'
import type { Database } from '../database/open.ts'
import type { Random } from '../platform/random.ts'
import type { Timers } from '../platform/timers.ts'
import { readAccount } from './account.ts'
import { createAcks } from './acks.ts'
import type { Network } from './exchange.ts'
import { checkHello } from './hello.ts'
import type { RelayClient } from './http.ts'
import { createOlderLine, type OlderSink } from './olderLine.ts'
import { createPoll, type PageSink } from './poll.ts'
import type { Registrar } from './register.ts'
import { createRoundTrip } from './roundTrip.ts'
import { type ConnectSocket, openSocket } from './socket.ts'
import { type Effect, initialState, next, type SocketEvent, type SocketState, type TimerName } from './socketMachine.ts'
import { troubleOf } from './trouble.ts'

/** Where messages go, and from where to go on: the inbox's intake. */
export type MessageSink = PageSink & {
  begin(hello: { epoch: string; head: number }): Promise<{ cursor: number; epoch: string | null }>
  push(frame: { epoch: string; seq: number; record: unknown; live: boolean }): void
  resumed(frame: { epoch: string; head: number }): Promise<void>
}

export type Connection = ReturnType<typeof createConnection>

/** When a poll that should fill a gap failed. */
const FILL_AGAIN_MS = 5_000
/** Handshakes with an older relay that fail before they open: its token may be worth nothing any more, which it cannot say. client:CRG3 */
const OLDER_REFUSED = 2

/** Runs one profile's socket machine: timers, requests, the WebSocket. client §7 */
export function createConnection({
  db,
  profileId,
  client,
  registrar,
  network,
  sink,
  olderSink,
  connect,
  timers,
  random,
  onState,
  onConnected,
  onFrame,
}: {
  db: Database
  profileId: string
  client: RelayClient
  registrar: Registrar
  network: Network
  sink: MessageSink
  olderSink: OlderSink
  connect: ConnectSocket
  timers: Timers
  random: Random
  onState: (state: SocketState, malformedFrames: number) => void
  /** client:CRP3, CRP7 */
  onConnected: () => void
  /** Frames that are not about messages: acks of replies, statuses, channels. */
  onFrame: (frame: ServerFrame) => void
}) {
  let state = initialState
  let socket: { send(frame: ClientFrame): boolean; close(): void } | undefined
  /** The relay is an older one. client:LEG1 */
  let older = false
  let malformed = 0
  let resumeFrom: { cursor: number; epoch: string | null } = { cursor: 0, epoch: null }
  let gapKnown = false
  let filling = false
  let ended = false
  const trips = createRoundTrip(timers)
  const running = new Map<TimerName, () => void>()
  const poll = createPoll({ client, profileId, sink })
  const olderLine = createOlderLine({ db, profileId, client, registrar, network, sink: olderSink })
  const acks = createAcks({ timers, send: (seq) => isLive() && !older && (socket?.send({ type: 'ack', seq }) ?? false) })

  const isLive = (): boolean => state.phase.name === 'connected' || state.phase.name === 'resuming'

  function dispatch(event: SocketEvent): void {
    const step = next(state, event, { now: timers.now(), random })
    const changed = step.state.phase !== state.phase || step.state.unopened !== state.unopened
    state = step.state
    for (const effect of step.effects) perform(effect)
    if (changed && !ended) onState(state, malformed)
  }

  function perform(effect: Effect): void {
    const { run } = state
    const report = (work: Promise<SocketEvent>): void => {
      work.then(dispatch, (error: unknown) => dispatch({ type: 'failed', run, trouble: troubleOf(error) }))
    }
    switch (effect.do) {
      case 'prepare':
        report(prepare(effect.reissue).then(() => ({ type: 'prepared', run })))
        return
      case 'fetch': {
        const onPage = (behind: number): void => dispatch({ type: 'pageStored', run, behind })
        report(fetch(onPage).then(() => ({ type: 'caughtUp', run })))
        return
      }
      case 'requestTicket':
        report(
          older
            ? olderLine.token().then((ticket) => ({ type: 'ticket', run, ticket }))
            : client
                .ask(profileId, { method: 'POST', target: '/ws/ticket', body: {} }, ticketAnswerSchema)
                .then(({ ticket }) => ({ type: 'ticket', run, ticket })),
        )
        return
      case 'openSocket':
        report(older ? openOlder(effect.ticket, run) : open(effect.ticket, run))
        return
      case 'closeSocket':
        socket?.close()
        socket = undefined
        return
      case 'resume':
        if (older) dispatch({ type: 'resumed', run })
        else socket?.send({ type: 'resume', ...resumeFrom })
        return
      case 'ping':
        socket?.send({ type: 'ping' })
        return
      case 'poll':
        fetch().catch((error: unknown) => {
          // A poll that fails is tried again later; only what the user must act on ends the connection.
          if (['blocked', 'identity_lost', 'bad_signature', 'signature_required'].includes(troubleOf(error).code))
            dispatch({ type: 'failed', run: state.run, trouble: troubleOf(error) })
        })
        return
      case 'settle':
        acks.restart(0)
        sink.cursor().then(
          (cursor) => cursor && acks.note(cursor.seq),
          () => undefined,
        )
        onConnected()
        return
      case 'timer':
        running.get(effect.name)?.()
        running.set(
          effect.name,
          timers.after(effect.ms, () => dispatch({ type: 'timer', name: effect.name })),
        )
        return
      case 'cancel':
        running.get(effect.name)?.()
        running.delete(effect.name)
        return
      case 'cancelAll':
        for (const cancel of running.values()) cancel()
        running.clear()
    }
  }

  async function prepare(reissue: boolean): Promise<void> {
    const { session } = await readAccount(db, profileId)
    if (session?.older) await olderLine.prepare(session.apiKey, reissue || state.unopened >= OLDER_REFUSED)
    else if (reissue && session) await registrar.reissue(profileId, session.apiKey)
    await registrar.ensure(profileId)
    older = (await readAccount(db, profileId)).session?.older === true
  }

  function fetch(onPage?: (behind: number) => void): Promise<number> {
    return older ? olderLine.fetch() : poll.run(onPage)
  }

  /** Open is connected: there is no greeting, and nothing to resume. client:LEG1 */
  async function openOlder(token: string, run: number): Promise<SocketEvent> {
    const { relay } = await readAccount(db, profileId)
    return new Promise((_resolve, reject) => {
      if (run !== state.run) return
      socket = olderLine.open({
        connect,
        relayUrl: relay.url,
        apiKey: token,
        onOpen: () => {
          dispatch({ type: 'opened', run, protocol: SOCKET_PROTOCOL })
          dispatch({ type: 'greeted', run })
        },
        onMalformed: countMalformed,
        onClose: (code) => dispatch({ type: 'closed', run, code }),
        onAlive: () => {
          if (running.has('pong')) dispatch({ type: 'frame', run })
          trips.answered()
        },
        onTrouble: reject,
      })
    })
  }

  function countMalformed(): void {
    malformed++
    onState(state, malformed)
  }

  async function open(ticket: string, run: number): Promise<SocketEvent> {
    const { relay } = await readAccount(db, profileId)
    let epoch = ''
    let replaying = true
    return new Promise((_resolve, reject) => {
      if (run !== state.run) return
      socket = openSocket({
        connect,
        relayUrl: relay.url,
        ticket,
        onOpen: (protocol) => dispatch({ type: 'opened', run, protocol }),
        onMalformed: countMalformed,
        onClose: (code) => dispatch({ type: 'closed', run, code }),
        onFrame: (frame) => {
          if (running.has('pong')) dispatch({ type: 'frame', run })
          if (frame.type === 'hello' && state.phase.name === 'opening') {
            epoch = frame.epoch
            checkHello({ db, registrar, now: timers.now }, profileId, frame, ticket)
              .then(() => sink.begin(frame))
              .then((from) => {
                resumeFrom = from
                dispatch({ type: 'greeted', run })
              })
              .catch(reject)
          } else if (!isLive()) return
          else if (frame.type === 'message') sink.push({ epoch, seq: frame.seq, record: frame.message, live: !replaying })
          else if (frame.type === 'resumed') {
            replaying = false
            sink.resumed(frame).then(() => dispatch({ type: 'resumed', run }), reject)
          } else if (frame.type === 'pong') trips.answered()
          else onFrame(frame)
        },
      })
    })
  }

  async function fillGap(): Promise<void> {
    gapKnown = true
    if (filling) return
    filling = true
    while (gapKnown && isLive()) {
      // One that runs already may have read past the gap before it opened.
      await poll.settled()
      gapKnown = false
      await poll.run().catch(() => {
        timers.after(FILL_AGAIN_MS, () => void fillGap())
      })
    }
    filling = false
  }

  return {
    start: () => dispatch({ type: 'start' }),
    reconnect: () => dispatch({ type: 'reconnect' }),
    online: () => dispatch({ type: 'online' }),
    offline: () => dispatch({ type: 'offline' }),
    woke: () => dispatch({ type: 'woke' }),
    pollNow: () => fetch(),
    /** Something before the newest stored message is missing here. client:CDD13 */
    gap: () => void fillGap(),
    /** Everything up to here is stored. client:CDD8 */
    stored: (seq: number) => acks.note(seq),
    /** A batch could not be stored: nothing is acknowledged, the relay keeps it. client:CDD2 */
    trouble: (error: unknown) => dispatch({ type: 'failed', run: state.run, trouble: troubleOf(error) }),
    /** False when there is no live connection to send on. */
    send: (frame: ClientFrame): boolean => state.phase.name === 'connected' && (socket?.send(frame) ?? false),
    isConnected: (): boolean => state.phase.name === 'connected',
    /** client:LEG3 */
    isOlder: (): boolean => older,
    /** client:DOC1 */
    roundTrip: () => trips.measure(() => state.phase.name === 'connected' && (socket?.send({ type: 'ping' }) ?? false)),
    /** Ends for good, without a trace in the stored state. */
    close(): void {
      ended = true
      dispatch({ type: 'stop' })
      acks.close()
    },
  }
}
