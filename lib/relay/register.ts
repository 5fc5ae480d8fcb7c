import { healthAnswerSchema, type RegisterAnswer, registerAnswerSchema } from '#protocol/http.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Locks } from '../platform/locks.ts'
import { newNonce } from '../platform/random.ts'
import { type Account, holdAgainstPin, readAccount, saveRegistration, saveReissue } from './account.ts'
import { clockFrom, failureOf, readJson } from './answers.ts'
import { exchange, judge, type Network, type RawAnswer } from './exchange.ts'
import { requestFailed } from './sentences.ts'
import { signRequest } from './signRequest.ts'

/** client:CRG4 */
export const REISSUE_EVERY_MS = 60_000

export type Registrar = ReturnType<typeof createRegistrar>

/** Gets a profile its session on the relay; one register per profile at a time, over all contexts. client:ARC4, CRG1-5 */
export function createRegistrar({
  db,
  network,
  locks,
  onLost,
  older,
}: {
  db: Database
  network: Network
  locks: Locks
  /** The relay knows this key no more: it made a new session. client:REC1 */
  onLost: (profileId: string) => void
  /** Registers with an older relay, where the user agreed to one; false where it is none. Only the offscreen document does. client:LEG1 */
  older?: (account: Account) => Promise<boolean>
}) {
  const { timers } = network

  async function send(account: Account, target: string, offset: number, body?: Uint8Array<ArrayBuffer>): Promise<RawAnswer> {
    const nonce = newNonce()
    const method = body ? 'POST' : 'GET'
    const at = timers.now() + offset
    const headers = body && {
      'Content-Type': 'application/json',
      ...(await signRequest(account.identity.privateKey, { nonce, method, target, body, at })),
    }
    return exchange(network, {
      method,
      url: account.relay.url + target,
      path: target,
      headers: headers ?? {},
      nonce,
      ...(body && { body }),
    })
  }

  /** The register answer, proven by the key it brings (client:PIN1); a clock that is off is set right once (client:CSG3). */
  async function register(account: Account): Promise<{ answer: RegisterAnswer; offset: number }> {
    const body = new TextEncoder().encode(JSON.stringify({ publicKey: account.identity.publicKey }))
    let offset = account.session?.clockOffsetMs ?? 0
    for (let attempt = 1; ; attempt++) {
      const raw = await send(account, '/auth/register', offset, body)
      if (raw.status >= 300) {
        if (!(await believable(account, raw))) throw betweenUs(raw.status)
        const skew = clockFrom(raw, timers.now())
        if (skew === undefined || attempt > 1) throw failureOf('POST', '/auth/register', raw)
        offset = skew
        continue
      }
      const answer = readJson(raw, registerAnswerSchema)
      if ((await judge(raw, answer.serverPublicKey, timers.now() + offset)) !== 'valid') throw betweenUs(raw.status)
      return { answer, offset }
    }
  }

  /** Whether a refusal comes from the relay: proven by the pin; before pinning a signature must at least be there. client:PIN3 */
  async function believable(account: Account, raw: RawAnswer): Promise<boolean> {
    if (!account.pin) return raw.signature !== ''
    return ['valid', 'stale'].includes(await judge(raw, account.pin.key, timers.now()))
  }

  /** client:CRG1. An answer with a foreign signature is not read: the register that follows tells whose it is. */
  async function checkHealth(account: Account): Promise<void> {
    const raw = await send(account, '/health', 0)
    if (account.pin && raw.signature && !(await believable(account, raw))) return
    if (raw.status >= 300 || (account.pin && !raw.signature)) throw betweenUs(raw.status)
    const { features } = readJson(raw, healthAnswerSchema)
    if (!features.includes('sig2') || !features.includes('ws2'))
      throw new Failure('relay_too_old', 'This relay is too old for this extension. Update the relay.')
  }

  async function run(account: Account): Promise<void> {
    const { answer, offset } = await register(account)
    const outcome = await saveRegistration(db, answer.serverPublicKey, {
      profileId: account.profile.id,
      userId: answer.userId,
      apiKey: answer.apiKey,
      origin: account.relay.url,
      clockOffsetMs: offset,
      ...(account.session && { reissuedAt: timers.now() }),
    })
    if (outcome === 'lost') onLost(account.profile.id)
  }

  return {
    /**
     * Answers are signed by a key we do not know: whose relay is this? For a pasted token, which no register may replace, one is sent with
     * the profile's own key and only its server key is looked at. Throws Failure `blocked`. client:PIN4, CRG7
     */
    async identify(profileId: string): Promise<void> {
      const account = await readAccount(db, profileId)
      const { answer } = await register(account)
      await holdAgainstPin(db, account, answer.serverPublicKey)
    },

    /** Makes sure there is a session. client:CRG1, CRG2 */
    ensure: (profileId: string): Promise<void> =>
      locks.hold(`register:${profileId}`, async () => {
        const account = await readAccount(db, profileId)
        if (account.session) return
        try {
          if (await older?.(account)) return
          await checkHealth(account)
          await run(account)
        } catch (cause) {
          throw couldNotSetUp(cause)
        }
      }),

    /**
     * One register because the relay refused `staleKey`, or because answers are signed by a key we do not know: it tells whose relay this
     * is now. Throws Failure `reissue_later` (with retryAfter) when the last one was less than a minute ago. client:CRG3, CRG4, PIN4
     */
    reissue: (profileId: string, staleKey: string): Promise<void> =>
      locks.hold(`register:${profileId}`, async () => {
        const account = await readAccount(db, profileId)
        if (account.session && account.session.apiKey !== staleKey) return
        // A register would make this profile somebody else: only the user decides that (client:CRG7).
        if (account.session?.bearer)
          throw new Failure('token_refused', 'The relay does not accept the pasted token any more. Paste another one.')
        const wait = (account.session?.reissuedAt ?? 0) + REISSUE_EVERY_MS - timers.now()
        if (account.session?.older && wait <= 0) {
          await older?.(account)
          return
        }
        if (wait > 0)
          throw new Failure('reissue_later', 'The relay refuses our session. Trying again in a minute.', {
            retryAfter: Math.ceil(wait / 1000),
          })
        try {
          await run(account)
        } catch (error) {
          if (error instanceof Failure && !['network', 'timeout', 'blocked'].includes(error.code))
            await saveReissue(db, profileId, timers.now())
          throw error
        }
      }),
  }
}

/** client:PIN3 */
export function betweenUs(status: number): Failure {
  return new Failure(
    'network',
    `Something between you and the relay answered HTTP ${status}. Check the relay address and your network.`,
  )
}

/** client:CRG2 */
function couldNotSetUp(cause: unknown): Failure {
  const failure = cause instanceof Failure ? cause : new Failure('internal', requestFailed('POST', '/auth/register', String(cause)))
  if (['blocked', 'identity_lost', 'relay_address'].includes(failure.code)) return failure
  return new Failure(failure.code, `Couldn't reach the relay to set up your connection: ${failure.message}`, {
    retryAfter: failure.retryAfter,
    cause,
  })
}
