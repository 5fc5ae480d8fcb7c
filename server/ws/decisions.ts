import { RelayError } from '#protocol/errors.ts'
import type { ServerFrame } from '#protocol/socket.ts'
import type { Log } from '../log.ts'
import type { SessionRecord } from '../store/port.ts'
import { type Connection, say } from './connection.ts'
import { errorFrame } from './errorFrame.ts'

/** What sockets need of approvals. `decide` gives what this socket alone is told; a decision that counts is told to all by itself. Throws RelayError. */
export type ApprovalDesk = {
  waitingFor(userId: string): ServerFrame[]
  decide(session: SessionRecord, frame: Record<string, unknown>): Promise<ServerFrame | undefined>
}

/** Approvals over sockets. relay:APV1, APV3 */
export function createDecisions({ approvals, log }: { approvals: ApprovalDesk; log: Pick<Log, 'error'> }) {
  async function decide(connection: Connection, frame: Record<string, unknown>): Promise<void> {
    try {
      const answer = await approvals.decide(connection.known.session, frame)
      if (answer) say(connection, answer)
    } catch (error) {
      if (!(error instanceof RelayError)) log.error({ err: error }, 'a decision failed')
      say(connection, { ...errorFrame(error), ...(typeof frame.id === 'string' && { id: frame.id }) })
    }
  }

  return {
    decide,
    /** Repeats what still waits to a client that has just resumed. */
    ask(connection: Connection): void {
      for (const frame of approvals.waitingFor(connection.known.session.userId)) say(connection, frame)
    },
  }
}
