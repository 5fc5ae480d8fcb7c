import { systemTimers } from '../../platform/timers.ts'
import { forgetOfferedKey } from '../../profiles/store.ts'
import { probeHealth } from '../../relay/probe.ts'
import { parseRelayUrl } from '../../relay/url.ts'
import type { PageContext } from '../page.ts'

const network = { fetch: (url: string, init: RequestInit) => fetch(url, init), timers: systemTimers }

/** Keeps the pinned key. `true` when the relay shows it again: the profile goes on. Otherwise it stays blocked. client:PIN5 */
export async function keepPinnedKey({
  db,
  connection,
  profileId,
}: Pick<PageContext, 'db' | 'connection' | 'profileId'>): Promise<boolean> {
  const [profile, pin, session] = await Promise.all([
    db.get('profiles', profileId),
    db.get('pins', profileId),
    db.get('sessions', profileId),
  ])
  const relay = parseRelayUrl(profile?.relayUrl ?? '')
  if (!relay.ok || !pin || session?.older) return false
  const found = await probeHealth(network, relay, pin, false).catch(() => undefined)
  if (found?.answer.kind !== 'relay') return false
  await forgetOfferedKey(db, pin)
  await connection.reconnect({ profileId })
  return true
}
