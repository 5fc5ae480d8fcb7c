import { createProfileRunner } from '../../../../lib/app/profileRunner.ts'
import type { Database } from '../../../../lib/database/open.ts'
import type { Change } from '../../../../lib/messaging/changes.ts'
import { systemTimers, type Timers } from '../../../../lib/platform/timers.ts'
import { createRelayClient } from '../../../../lib/relay/http.ts'
import { createOlderRegister } from '../../../../lib/relay/older.ts'
import { createRegistrar } from '../../../../lib/relay/register.ts'
import type { ConnectSocket } from '../../../../lib/relay/socket.ts'
import { createTestLocks } from './locks.ts'

export type TestRunner = ReturnType<typeof startRunner>

type Options = {
  db: Database
  profileId?: string
  timers?: Timers
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  connect?: ConnectSocket
  /** The worker's part of approvals, if the test has one. */
  onApprovals?: (arrived: string[]) => Promise<void>
}

/** The offscreen document's part for one profile, with what it told the worker and the pages. Sockets and requests are real ones. */
export function startRunner({
  db,
  profileId = 'default',
  timers = systemTimers,
  fetch: ask = fetch,
  connect,
  onApprovals,
}: Options) {
  const changes: Change[] = []
  const arrived: { ids: string[]; bulk: boolean }[] = []
  const lost: string[] = []
  const sockets: WebSocket[] = []
  const network = { fetch: (url: string, init: RequestInit) => ask(url, init), timers }
  const onLost = (id: string) => void lost.push(id)
  const older = createOlderRegister({ db, network, onLost })
  const registrar = createRegistrar({ db, network, locks: createTestLocks(), onLost, older })
  const client = createRelayClient({ db, network, registrar })
  const runner = createProfileRunner(profileId, {
    db,
    changes: { tell: (change) => void changes.push(change), listen: () => () => undefined, close: () => undefined },
    client,
    registrar,
    network,
    worker: {
      async arrived({ messages, bulk }) {
        const ids = messages.map(({ id }) => id)
        arrived.push({ ids, bulk })
        await onApprovals?.(ids)
      },
      approvalsChanged: async () => onApprovals?.([]),
      connectionChanged: async () => undefined,
      removed: async () => undefined,
      sessionLost: async () => undefined,
    },
    connect:
      connect ??
      ((url, protocols) => {
        const socket = new WebSocket(url, protocols)
        sockets.push(socket)
        return socket
      }),
    timers,
    random: () => 0,
  })
  runner.start()
  return { ...runner, db, client, registrar, changes, arrived, lost, sockets }
}

export const stateOf = async (db: Database, profileId = 'default') => (await db.get('connections', profileId))?.state
