import { CLOCK_TOLERANCE_MS } from '#protocol/limits.ts'
import { helloText } from '#protocol/signing.ts'
import type { HelloFrame } from '#protocol/socket.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import { readAccount, saveUserId } from './account.ts'
import { sha256Hex, verifyText } from './keys.ts'
import type { Registrar } from './register.ts'

/**
 * Proves that the other end of a socket is the pinned relay and that it means this profile. Throws Failure: `not_our_user`, `forged`, or
 * `blocked` if a register shows that the relay has another key now. client:SOC2, PIN2, PIN4, relay:SRV2
 */
export async function checkHello(
  { db, registrar, now }: { db: Database; registrar: Registrar; now: () => number },
  profileId: string,
  hello: HelloFrame,
  ticket: string,
): Promise<void> {
  const { session, pin } = await readAccount(db, profileId)
  if (!session || !pin) throw new Failure('no_session', 'There is no connection to the relay yet.')
  const { timestamp, signature } = hello.challenge
  const text = helloText({ timestamp, credentialHash: await sha256Hex(ticket), userId: hello.userId, epoch: hello.epoch })
  const age = Math.abs(now() + session.clockOffsetMs - Date.parse(timestamp))
  if (!(await verifyText(pin.key, text, signature))) {
    await (session.bearer ? registrar.identify(profileId) : registrar.reissue(profileId, session.apiKey))
    throw new Failure('forged', 'Something between you and the relay answered in its place.')
  }
  if (!(age <= CLOCK_TOLERANCE_MS)) throw new Failure('forged', 'The relay greeted with an old signature.')
  if (session.bearer && session.userId === '') await saveUserId(db, profileId, session.apiKey, hello.userId)
  else if (hello.userId !== session.userId) throw new Failure('not_our_user', 'The relay greeted us as somebody else.')
}
