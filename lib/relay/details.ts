import type * as z from 'zod/mini'
import { healthAnswerSchema } from '#protocol/http.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import { newNonce } from '../platform/random.ts'
import { backupOf } from '../profiles/model.ts'
import { readJson } from './answers.ts'
import { exchange, type Network } from './exchange.ts'
import type { RelayClient } from './http.ts'
import { fingerprintOf } from './keys.ts'
import type { connectionMessages } from './messages.ts'
import { parseRelayUrl } from './url.ts'

type Details = z.output<(typeof connectionMessages.table)['details']['output']>

/** What the connection page shows. An unreachable relay is a line of it, not a failure of the whole. client:STA1, STA2, PIN6 */
export async function readDetails(
  { db, network, client }: { db: Database; network: Network; client: Pick<RelayClient, 'ask'> },
  profileId: string,
): Promise<Details> {
  const transaction = db.transaction(['profiles', 'identities', 'sessions', 'pins', 'cursors'])
  const [profile, identity, session, pin, cursor] = await Promise.all([
    transaction.objectStore('profiles').get(profileId),
    transaction.objectStore('identities').get(profileId),
    transaction.objectStore('sessions').get(profileId),
    transaction.objectStore('pins').get(profileId),
    transaction.objectStore('cursors').get(profileId),
  ])
  const relayUrl = profile?.relayUrl ?? ''
  return {
    relayUrl,
    ...(session && { userId: session.userId }),
    ...(pin && { fingerprint: await fingerprintOf(pin.key) }),
    ...(identity && { ownFingerprint: await fingerprintOf(identity.publicKey) }),
    ...(identity && { backup: backupOf(identity) }),
    ...(cursor && { cursor: cursor.seq }),
    relay: await askRelay(session !== undefined).catch((error: unknown) => ({
      ok: false as const,
      reason: error instanceof Error ? error.message : 'The relay could not be asked.',
    })),
  }

  async function askRelay(known: boolean): Promise<Details['relay']> {
    const before = network.timers.now()
    const { version, status, features } = known
      ? await client.ask(profileId, { method: 'GET', target: '/health', retry: false }, healthAnswerSchema)
      : await askStranger()
    return { ok: true, version, status, features, ms: Math.round(network.timers.now() - before) }
  }

  /** Before anything is pinned: only to show whether somebody answers. */
  async function askStranger() {
    const relay = parseRelayUrl(relayUrl)
    if (!relay.ok) throw new Failure('relay_address', relay.reason)
    const request = { method: 'GET', url: `${relay.url}/health`, path: '/health', headers: {}, nonce: newNonce() }
    return readJson(await exchange(network, request), healthAnswerSchema)
  }
}
