import { approvalOutcomeSchema } from '#protocol/approval.ts'
import { historyAnswerSchema, replyAnswerSchema } from '#protocol/http.ts'
import { replyStatusSchema } from '#protocol/message.ts'
import { createDesk } from '../approvals/desk.ts'
import { saveChannel } from '../channels/saveChannel.ts'
import type { Database } from '../database/open.ts'
import { createElsewhere } from '../inbox/elsewhere.ts'
import { createIntake, type Stored } from '../inbox/intake.ts'
import { conversationOf } from '../inbox/model.ts'
import { storeOlder } from '../inbox/olderIntake.ts'
import { createOutbox } from '../inbox/outbox.ts'
import type { Changes } from '../messaging/changes.ts'
import type { Caller } from '../messaging/define.ts'
import { createTeller } from '../messaging/teller.ts'
import type { Random } from '../platform/random.ts'
import type { Timers } from '../platform/timers.ts'
import { createConnection } from '../relay/connection.ts'
import type { Network } from '../relay/exchange.ts'
import type { RelayClient } from '../relay/http.ts'
import { sendOlder } from '../relay/olderReply.ts'
import type { Registrar } from '../relay/register.ts'
import { createReport } from '../relay/report.ts'
import type { ConnectSocket } from '../relay/socket.ts'
import type { arrivalMessages } from '../relay/socketMessages.ts'
import { createArrivals } from './arrivals.ts'

/** While catching up, pages are told four times a second. */
const BULK_TELL_MS = 250

export type RunnerParts = {
  db: Database
  changes: Changes
  client: RelayClient
  registrar: Registrar
  worker: Caller<typeof arrivalMessages.table>
  network: Network
  connect: ConnectSocket
  timers: Timers
  random: Random
}

/** Everything that is alive for one connected profile: socket, intake, outbox, and what is told about them. client:ARC1 */
export function createProfileRunner(profileId: string, parts: RunnerParts) {
  const { db, client, worker, timers } = parts
  const teller = createTeller(parts)
  const arrivals = createArrivals({ worker, profileId, timers })
  const report = createReport({
    ...parts,
    profileId,
    now: timers.now,
    onChanged: () => void worker.connectionChanged({ profileId }).catch(() => undefined),
  })

  const intake = createIntake({
    db,
    profileId,
    now: timers.now,
    onStored: tellStored,
    onGap: () => connection.gap(),
    onTrouble,
  })

  const elsewhere = createElsewhere({
    db,
    profileId,
    timers,
    history: ({ epoch, after }) =>
      client.ask(
        profileId,
        { method: 'GET', target: `/replies?after=${after}&epoch=${encodeURIComponent(epoch)}` },
        historyAnswerSchema,
      ),
    onStored: () => teller.tell({ topic: 'replies', profileId }),
  })

  const outbox = createOutbox({
    db,
    profileId,
    timers,
    roads: {
      overSocket: (request) => connection.send({ type: 'reply', ...request }),
      overHttp: (request) =>
        connection.isOlder()
          ? sendOlder(client, profileId, request)
          : client.ask(profileId, { method: 'POST', target: '/reply', body: request }, replyAnswerSchema),
      mayRepeat: () => !connection.isOlder(),
      status: (responseId) =>
        client.ask(profileId, { method: 'GET', target: `/replies/${encodeURIComponent(responseId)}` }, replyStatusSchema),
    },
    onChanged({ conversationId, approvalId }) {
      teller.tell({ topic: 'replies', profileId, conversationId })
      if (approvalId !== undefined) tellApprovals()
    },
  })

  const desk = createDesk({
    db,
    profileId,
    timers,
    settled: intake.settled,
    send: (decision) => connection.send(decision),
    outcome: (id) =>
      client.ask(profileId, { method: 'GET', target: `/approvals/${encodeURIComponent(id)}` }, approvalOutcomeSchema),
    onChanged() {
      teller.tell({ topic: 'approvals', profileId })
      tellApprovals()
    },
  })

  const connection = createConnection({
    ...parts,
    profileId,
    sink: {
      ...intake,
      page: (answer, from) =>
        intake.page(answer, from).catch((error: unknown) => {
          report.setStorageFull(isFull(error))
          throw error
        }),
    },
    olderSink: {
      cursor: intake.cursor,
      store: (records, fetched) => storeOlder(db, profileId, records, { now: timers.now(), fetched }, tellStored),
      answered: ({ type, responseId = '', error = 'The relay refused this.', code = 'invalid_field' }) =>
        outbox.settleOldest(
          type === 'reply_ack' ? { kind: 'taken', responseId, state: 'sent' } : { kind: 'refused', code, reason: error },
        ),
    },
    onState: (state, malformed) => {
      report.show(state, malformed)
      if (state.phase.name !== 'connected' && state.phase.name !== 'resuming') outbox.disconnected()
    },
    onConnected() {
      outbox.connected()
      if (!connection.isOlder()) elsewhere.connected()
      desk.connected()
    },
    onFrame(frame) {
      outbox.take(frame)
      if (frame.type === 'reply_status') elsewhere.told()
      desk.take(frame)
      if (frame.type === 'typing') teller.tell({ topic: 'typing', profileId, conversationId: conversationOf(frame) })
      if (frame.type === 'channel_update')
        saveChannel(db, profileId, frame.channelId, frame.channel, timers.now()).then(() => {
          teller.tell({ topic: 'channels', profileId })
          teller.tell({ topic: 'steps', profileId })
        }, onTrouble)
    },
  })

  function tellApprovals(): void {
    worker.approvalsChanged({ profileId }).catch(() => undefined)
  }

  function onTrouble(error: unknown): void {
    report.setStorageFull(isFull(error))
    connection.trouble(error)
  }

  /** After the commit: acknowledge, tell pages, wake the worker. client:CDD1 */
  function tellStored({ fresh, cursor, bulk, gap }: Stored): void {
    report.setStorageFull(false)
    if (cursor) connection.stored(cursor.seq)
    if (gap) teller.tell({ topic: 'gaps', profileId })
    const [first] = fresh
    if (!first) return
    const one = fresh.every((message) => message.conversationId === first.conversationId)
    const change = { topic: 'messages' as const, profileId, ...(one && { conversationId: first.conversationId }) }
    teller.tell(change, bulk ? BULK_TELL_MS : undefined)
    arrivals.add(fresh, bulk)
  }

  return {
    ...connection,
    flush: outbox.flush,
    handDecisions: desk.flush,
    async close(): Promise<void> {
      connection.close()
      outbox.close()
      await desk.close()
      await elsewhere.close()
      await intake.close()
      await report.close()
      arrivals.close()
      teller.close()
    },
  }
}

/** client:CDD10 */
function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}
