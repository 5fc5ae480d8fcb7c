import '../platform/noEval.ts'
import type { browser } from 'wxt/browser'
import { openDatabase } from '../database/open.ts'
import { call } from '../messaging/call.ts'
import { createChanges } from '../messaging/changes.ts'
import { Failure } from '../messaging/failure.ts'
import { answer, serve } from '../messaging/serve.ts'
import { createLocks } from '../platform/locks.ts'
import { systemTimers } from '../platform/timers.ts'
import { createRelayClient } from '../relay/http.ts'
import { createOlderRegister } from '../relay/older.ts'
import { createRegistrar } from '../relay/register.ts'
import { arrivalMessages, socketMessages, trialMessages } from '../relay/socketMessages.ts'
import { createHeldNotices } from './heldNotices.ts'
import { createPool } from './pool.ts'

/** The offscreen document: all sockets and the intake. Uses no chrome API but `runtime`. client:ARC1 */
export function startOffscreen({ runtime }: Pick<typeof browser, 'runtime'>): void {
  const pool = assemble(runtime)
  // Without storage every call says so; there is nothing to do here meanwhile.
  pool.catch(() => undefined)

  async function live(profileId: string) {
    const runner = await (await pool).runner(profileId)
    if (!runner) throw new Failure('not_connected', 'This profile is disconnected. Press Connect first.')
    return runner
  }

  runtime.onMessage.addListener(
    answer('offscreen', runtime.id, [
      serve(socketMessages, {
        sync: async () => (await pool).sync(),
        async reconnect({ profileId }) {
          ;(await (await pool).runner(profileId))?.reconnect()
        },
        pollNow: async ({ profileId }) => ({ received: await (await live(profileId)).pollNow() }),
        async flush({ profileId }) {
          ;(await (await pool).runner(profileId))?.flush()
        },
        async handDecisions({ profileId }) {
          ;(await (await pool).runner(profileId))?.handDecisions()
        },
      }),
      serve(trialMessages, {
        roundTrip: async ({ profileId }) => ({ ms: await (await live(profileId)).roundTrip() }),
      }),
    ]),
  )
}

async function assemble(runtime: (typeof browser)['runtime']) {
  const db = await openDatabase()
  const network = { fetch: (url: string, init: RequestInit) => fetch(url, init), timers: systemTimers }
  const locks = createLocks(navigator.locks)
  const worker = call(arrivalMessages, (envelope) => runtime.sendMessage(envelope))
  const held = createHeldNotices({ db, worker, timers: systemTimers })
  const changes = createChanges()
  changes.listen(({ topic, profileId }) => {
    if (topic === 'settings') void held.look()
    if (topic === 'scheduled') void pool.runner(profileId).then((runner) => runner?.flush())
    if (topic === 'room') void pool.runner(profileId).then((runner) => runner?.reconnect())
  })
  const onLost = (profileId: string): void => void worker.sessionLost({ profileId }).catch(() => undefined)
  const older = createOlderRegister({ db, network, onLost })
  const registrar = createRegistrar({ db, network, locks, onLost, older })
  const pool = createPool({
    db,
    changes,
    client: createRelayClient({ db, network, registrar }),
    registrar,
    network,
    worker: { ...worker, arrived: held.arrived },
    connect: (url, protocols) => new WebSocket(url, protocols),
    timers: systemTimers,
    random: Math.random,
    locks,
  })
  addEventListener('online', pool.online)
  addEventListener('offline', pool.offline)
  await pool.sync()
  void held.look()
  loadChores()
  return pool
}

/** A script of its own, so that nothing waits for it. */
function loadChores(): void {
  const script = document.createElement('script')
  script.src = '/chores.js'
  document.head.append(script)
}
