import * as z from 'zod/mini'
import type { Database } from '../database/open.ts'
import { type Account, saveRegistration } from './account.ts'
import { failureOf, readJson } from './answers.ts'
import { exchange, type Network } from './exchange.ts'
import { betweenUs } from './register.ts'

/** What this extension cannot do without, except with a relay that is known to be older. client:LEG1 */
const MODERN = ['sig2', 'ws2'] as const

/** Only what tells a relay from anything else; what older ones say of themselves differs. */
const healthSchema = z.object({
  status: z.string(),
  version: z.optional(z.string()),
  features: z.optional(z.array(z.string())),
})
const registeredSchema = z.object({ userId: z.string(), apiKey: z.string() })

/** `modern`, `older`, or nothing that is a relay. Asked without any header of ours, which an older relay would not let a page send. */
export async function askAge(network: Network, relayUrl: string): Promise<'modern' | 'older' | 'none'> {
  const raw = await exchange(network, {
    method: 'GET',
    url: `${relayUrl}/health`,
    path: '/health',
    headers: {},
    nonce: '',
    plain: true,
  })
  if (raw.status >= 300) return 'none'
  try {
    const { features = [] } = readJson(raw, healthSchema)
    return MODERN.every((feature) => features.includes(feature)) ? 'modern' : 'older'
  } catch {
    return 'none'
  }
}

/** Whether a relay's key was ever pinned for this profile: then an older one may never take its place. client:LEG2 */
export async function wasPinned(db: Database, profileId: string): Promise<boolean> {
  const transaction = db.transaction(['profiles', 'pins'])
  const [profile, pin] = await Promise.all([
    transaction.objectStore('profiles').get(profileId),
    transaction.objectStore('pins').getKey(profileId),
  ])
  return profile?.pinned === true || pin !== undefined
}

/**
 * The user agrees to an older relay at the present address. Gives false, having changed nothing, for a profile that ever pinned a key.
 * client:LEG1, LEG2
 */
export async function allowOlder(db: Database, profileId: string, relayUrl: string): Promise<boolean> {
  if (await wasPinned(db, profileId)) return false
  const transaction = db.transaction('profiles', 'readwrite')
  const profile = await transaction.store.get(profileId)
  if (profile?.relayUrl === relayUrl) await transaction.store.put({ ...profile, older: relayUrl })
  await transaction.done
  return true
}

/**
 * Registers in the old way where the user agreed to it and the relay is still an older one; false otherwise, and a register as usual
 * follows. An older relay proves nothing: no key is pinned. client:LEG1, LEG2, REC1
 */
export function createOlderRegister({
  db,
  network,
  onLost,
}: {
  db: Database
  network: Network
  onLost: (profileId: string) => void
}) {
  return async ({ profile, relay, identity, session }: Account): Promise<boolean> => {
    if (profile.older !== relay.url || (await wasPinned(db, profile.id))) return false
    const age = await askAge(network, relay.url)
    if (age === 'modern') return false
    if (age === 'none') throw betweenUs(0)
    const path = '/auth/register'
    const body = new TextEncoder().encode(JSON.stringify({ publicKey: identity.publicKey }))
    const headers = { 'Content-Type': 'application/json' }
    const raw = await exchange(network, { method: 'POST', url: relay.url + path, path, headers, nonce: '', plain: true, body })
    if (raw.status >= 300) throw failureOf('POST', path, raw)
    const { userId, apiKey } = readJson(raw, registeredSchema)
    const origin = relay.url
    const reissued = session && { reissuedAt: network.timers.now() }
    const made = { profileId: profile.id, userId, apiKey, origin, clockOffsetMs: 0, older: true as const, ...reissued }
    if ((await saveRegistration(db, undefined, made)) === 'lost') onLost(profile.id)
    return true
  }
}

/** The relay was updated meanwhile: the next connection begins as with any other, and pins its key. client:LEG1, PIN1 */
export async function leaveOlder(db: Database, profileId: string): Promise<void> {
  const transaction = db.transaction(['profiles', 'sessions', 'cursors'], 'readwrite')
  const profile = await transaction.objectStore('profiles').get(profileId)
  if (profile) {
    const { older: _agreed, ...rest } = profile
    await transaction.objectStore('profiles').put(rest)
  }
  await transaction.objectStore('sessions').delete(profileId)
  await transaction.objectStore('cursors').delete(profileId)
  await transaction.done
}
