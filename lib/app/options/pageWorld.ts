import type { Database } from '../../database/open.ts'
import { createLocks } from '../../platform/locks.ts'
import { systemTimers } from '../../platform/timers.ts'
import { createRelayClient } from '../../relay/http.ts'
import { createOlderRegister } from '../../relay/older.ts'
import { createRegistrar } from '../../relay/register.ts'

/** What a page needs to do things with keys by itself: no message between contexts carries any of them. client:IDN2 */
export function createPageWorld(db: Database) {
  const network = { fetch: (url: string, init: RequestInit) => fetch(url, init), timers: systemTimers }
  const locks = createLocks(navigator.locks)
  // A session that is lost is noticed by the worker too, at the next connection.
  const onLost = () => undefined
  const registrar = createRegistrar({ db, network, locks, onLost, older: createOlderRegister({ db, network, onLost }) })
  return { db, locks, network, now: systemTimers.now, registrar, client: createRelayClient({ db, network, registrar }) }
}
