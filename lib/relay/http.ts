import type * as z from 'zod/mini'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import { newNonce } from '../platform/random.ts'
import { sleep } from '../platform/timers.ts'
import { type Account, readAccount, saveClockOffset } from './account.ts'
import { clockFrom, errorCode, failureOf, readJson } from './answers.ts'
import { exchange, judge, type Network, type RawAnswer } from './exchange.ts'
import { betweenUs, type Registrar } from './register.ts'
import { pathOf, signRequest } from './signRequest.ts'

export type RelayRequest = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path and query as the relay sees them, without its path prefix. */
  target: string
  /** Sent as JSON. */
  body?: unknown
  /** Repeat on network errors and 5xx: GETs and idempotent sends only. client:HTE5 */
  retry?: boolean
  /** Above it the answer is not read: Failure `answer_too_large`. */
  maxBytes?: number
}

/** client:HTE5: the waits before the second, third and fourth try. */
const RETRY_WAITS_MS = [500, 1_000, 2_000]

export type RelayClient = ReturnType<typeof createRelayClient>

/** The signed client: every request signed, every answer verified before it is read. client:CSG1-4, HTE1-6, PIN2, PIN3 */
export function createRelayClient({ db, network, registrar }: { db: Database; network: Network; registrar: Registrar }) {
  const { timers } = network

  async function readRegistered(profileId: string): Promise<Account & { session: NonNullable<Account['session']> }> {
    for (let attempt = 1; ; attempt++) {
      const account = await readAccount(db, profileId)
      if (account.session) return { ...account, session: account.session }
      if (attempt > 1) throw new Failure('no_session', 'There is no connection to the relay yet.')
      await registrar.ensure(profileId)
    }
  }

  /** One attempt with a fresh nonce and timestamp (client:CSG2). */
  async function attempt(profileId: string, request: RelayRequest): Promise<{ raw: RawAnswer; apiKey: string }> {
    const account = await readRegistered(profileId)
    const { session, pin, relay } = account
    const { method } = request
    const url = new URL(relay.url + request.target).href
    // As sent: the browser escapes what the caller left unescaped.
    const target = url.slice(relay.url.length)
    const body = request.body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(request.body))
    const nonce = newNonce()
    const at = timers.now() + session.clockOffsetMs
    const { older } = session
    const signed = session.bearer ? {} : await signRequest(account.identity.privateKey, { nonce, method, target, body, at, older })
    const path = pathOf(target)
    const raw = await exchange(network, {
      method,
      url,
      path,
      nonce,
      plain: older,
      headers: {
        Authorization: `Bearer ${session.apiKey}`,
        ...signed,
        ...(body && { 'Content-Type': 'application/json' }),
      },
      ...(body && { body }),
      ...(request.maxBytes !== undefined && { maxBytes: request.maxBytes }),
    })
    const verdict = older ? 'valid' : pin ? await judge(raw, pin.key, timers.now() + session.clockOffsetMs) : 'unsigned'
    if (verdict === 'forged') {
      // Somebody signs, but not with the pinned key: a register tells whether the relay has a new one (client:PIN4, REC6).
      await (session.bearer ? registrar.identify(profileId) : registrar.reissue(profileId, session.apiKey))
      throw betweenUs(raw.status)
    }
    if (verdict === 'unsigned' || (verdict === 'stale' && errorCode(raw) !== 'clock_skew')) throw betweenUs(raw.status)
    return { raw, apiKey: session.apiKey }
  }

  /** Follows the refusals that have a remedy, each once: clock, nonce, token. */
  async function converse(profileId: string, request: RelayRequest): Promise<RawAnswer> {
    const tried = new Set<string>()
    for (;;) {
      const { raw, apiKey } = await attempt(profileId, request)
      const code = raw.status === 401 ? errorCode(raw) : undefined
      if (!code || tried.has(code)) return raw
      tried.add(code)
      const skew = clockFrom(raw, timers.now())
      if (skew !== undefined) await saveClockOffset(db, profileId, skew)
      else if (code === 'invalid_token') await registrar.reissue(profileId, apiKey)
      else if (code !== 'replayed_nonce') return raw
    }
  }

  /** The verified answer of a request that succeeded. Throws Failure with the relay's code and a sentence. */
  async function send(profileId: string, request: RelayRequest): Promise<RawAnswer> {
    const waits = (request.retry ?? request.method === 'GET') ? RETRY_WAITS_MS : []
    for (const wait of [...waits, undefined]) {
      try {
        const raw = await converse(profileId, request)
        if (raw.status < 300) return raw
        throw failureOf(request.method, pathOf(request.target), raw)
      } catch (error) {
        if (wait === undefined || !isPassing(error)) throw error
        await sleep(timers, wait)
      }
    }
    throw new Failure('internal', 'A request ended without an answer.')
  }

  return {
    send,
    /** The answer as the expected shape; Failure `bad_answer` otherwise. */
    ask: async <T extends z.ZodMiniType>(profileId: string, request: RelayRequest, schema: T): Promise<z.output<T>> =>
      readJson(await send(profileId, request), schema),
  }
}

/** Worth trying again soon: the network or the relay's own trouble, not a refusal. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Failure)) return false
  return ['network', 'timeout', 'internal', 'storage_unavailable'].includes(error.code) || /^http_5\d\d$/.test(error.code)
}
