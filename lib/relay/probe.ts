import { type HealthAnswer, healthAnswerSchema } from '#protocol/http.ts'
import { Failure } from '../messaging/failure.ts'
import { newNonce } from '../platform/random.ts'
import type { Pin } from '../profiles/model.ts'
import type { Account } from './account.ts'
import { exchange, judge, type Network, type RawAnswer } from './exchange.ts'
import { askAge } from './older.ts'
import { signRequest } from './signRequest.ts'
import type { RelayUrl } from './url.ts'

/** What answers at a relay's address. Nothing of a `foreign` one was read. */
export type HealthProbe = {
  ms: number
  answer:
    | { kind: 'relay'; health: HealthAnswer; aheadMs: number }
    /** No signature where one is due, or no health of a relay at all. client:PIN3 */
    | { kind: 'stranger' }
    /** Signed, but not by the pinned key. client:PIN4 */
    | { kind: 'foreign' }
    /** Agreed to, and believed without proof. client:LEG1 */
    | { kind: 'older' }
}

/** Asks who is there and believes the pinned key only; changes nothing. Throws Failure `network` or `timeout`. client:DOC1, PIN2 */
export async function probeHealth(
  network: Network,
  relay: Extract<RelayUrl, { ok: true }>,
  pin: Pin | undefined,
  older: boolean,
): Promise<HealthProbe> {
  const { timers } = network
  const before = timers.now()
  if (older) {
    const age = await askAge(network, relay.url)
    return { ms: timers.now() - before, answer: { kind: age === 'none' ? 'stranger' : 'older' } }
  }
  const request = { method: 'GET', url: `${relay.url}/health`, path: '/health', headers: {}, nonce: newNonce() }
  const raw = await exchange(network, request)
  const after = timers.now()
  const ms = after - before
  const verdict = pin ? await judge(raw, pin.key, after) : 'valid'
  if (verdict === 'forged') return { ms, answer: { kind: 'foreign' } }
  const health = verdict === 'unsigned' ? undefined : readHealth(raw)
  if (!health) return { ms, answer: { kind: 'stranger' } }
  return { ms, answer: { kind: 'relay', health, aheadMs: Date.parse(health.serverTime) - (before + after) / 2 } }
}

/** One request as the connection sends it, with nothing done about a refusal: what came, if the pinned key signed it. client:DOC1 */
export async function probeSigned(
  network: Network,
  { relay, identity, session, pin }: Account,
  target: string,
  clockOffsetMs: number,
): Promise<RawAnswer> {
  if (!session || !(pin || session.older)) throw new Failure('no_session', 'There is no connection to the relay yet.')
  const request = { method: 'GET', target, nonce: newNonce() }
  const at = network.timers.now() + clockOffsetMs
  const { older } = session
  const signed = session.bearer ? {} : await signRequest(identity.privateKey, { ...request, body: undefined, at, older })
  const headers = { Authorization: `Bearer ${session.apiKey}`, ...signed }
  const raw = await exchange(network, { ...request, url: relay.url + target, path: target, headers, plain: older })
  if (!pin || (await judge(raw, pin.key, network.timers.now() + clockOffsetMs)) === 'valid') return raw
  throw new Failure('network', `Something between you and the relay answered HTTP ${raw.status}.`)
}

function readHealth(raw: RawAnswer): HealthAnswer | undefined {
  try {
    const health = healthAnswerSchema.safeParse(JSON.parse(new TextDecoder().decode(raw.bytes)))
    return health.success && Number.isFinite(Date.parse(health.data.serverTime)) ? health.data : undefined
  } catch {
    return undefined
  }
}
