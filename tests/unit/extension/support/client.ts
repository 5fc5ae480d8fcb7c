import type * as z from 'zod/mini'
import type { Database } from '../../../../lib/database/open.ts'
import { Failure } from '../../../../lib/messaging/failure.ts'
import { createRelayClient, type RelayRequest } from '../../../../lib/relay/http.ts'
import { createRegistrar } from '../../../../lib/relay/register.ts'
import { databaseWithProfile } from './database.ts'
import { createFakeRelay } from './fakeRelay.ts'
import { createTestLocks } from './locks.ts'
import { createFakeTimers } from './timers.ts'

export const PROFILE = 'default'
export type ClientWorld = Awaited<ReturnType<typeof createClientWorld>>

/** The signed client of one profile against a relay whose every answer is the test's choice. `ahead` is the relay's clock minus ours, in ms. */
export async function createClientWorld(url = 'https://relay.test', prefix = '') {
  const clock = { ahead: 0 }
  const timers = createFakeTimers()
  const relay = await createFakeRelay({ now: () => timers.now() + clock.ahead, prefix })
  const db: Database = await databaseWithProfile(url)
  const lost: string[] = []
  const network = { fetch: relay.fetch, timers }
  const registrar = createRegistrar({ db, network, locks: createTestLocks(), onLost: (profileId) => lost.push(profileId) })
  const client = createRelayClient({ db, network, registrar })

  /** The answer or the refusal, while time passes as far as the client wants it to. */
  async function send(request: RelayRequest, schema: z.ZodMiniType): Promise<unknown> {
    let ended = false
    const asking = client
      .ask(PROFILE, request, schema)
      .catch((error: unknown) => error)
      .finally(() => {
        ended = true
      })
    while (!ended) await timers.advance(500)
    return asking
  }

  return { clock, timers, relay, db, lost, registrar, client, send, register: () => registrar.ensure(PROFILE) }
}

export const get = (target: string): RelayRequest => ({ method: 'GET', target })
export const sentences = (value: unknown) => (value instanceof Failure ? `${value.code}: ${value.message}` : value)
