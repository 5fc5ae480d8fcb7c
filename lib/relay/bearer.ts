import { channelsAnswerSchema } from '#protocol/http.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import { newNonce } from '../platform/random.ts'
import type { Session } from '../profiles/model.ts'
import { readAccount } from './account.ts'
import { errorCode, failureOf, readJson } from './answers.ts'
import { exchange, judge, type Network } from './exchange.ts'
import { betweenUs } from './register.ts'

/** Longer than any token, shorter than a file pasted by mistake. */
const MOST_CHARACTERS = 512
const TARGET = '/channels'

/**
 * Asks the relay, unsigned, whether it takes a pasted token, and gives the session it would be. Nothing is changed. The answer must carry
 * the pinned signature, like every other (client:PIN2). Throws Failure `token_format`, `not_pinned`, `token_refused`, `token_signed`,
 * and those of any request. client:CRG7
 */
export async function checkToken(
  { db, network }: { db: Database; network: Network },
  profileId: string,
  pasted: string,
): Promise<Session> {
  const apiKey = pasted.replace(/^[\s"'`]+|[\s"'`]+$/g, '')
  if (!/^[!-~]+$/.test(apiKey) || apiKey.length > MOST_CHARACTERS)
    throw new Failure('token_format', 'This is not a token: it has to be one line without spaces.')
  const { relay, pin, session } = await readAccount(db, profileId)
  if (!pin) throw new Failure('not_pinned', 'Connect to the relay once first, so that its key is known.')
  const clockOffsetMs = session?.clockOffsetMs ?? 0
  const headers = { Authorization: `Bearer ${apiKey}` }
  const request = { method: 'GET', url: relay.url + TARGET, path: TARGET, headers, nonce: newNonce() }
  const raw = await exchange(network, request)
  if ((await judge(raw, pin.key, network.timers.now() + clockOffsetMs)) !== 'valid') throw betweenUs(raw.status)
  const code = errorCode(raw)
  if (code === 'invalid_token' || code === 'missing_token')
    throw new Failure('token_refused', 'The relay does not know this token. Nothing was changed.')
  if (code === 'signature_required')
    throw new Failure(
      'token_signed',
      'This token belongs to a signing key and is worth nothing without it. Import the backup of that identity instead.',
    )
  if (raw.status >= 300) throw failureOf('GET', TARGET, raw)
  readJson(raw, channelsAnswerSchema)
  return { profileId, userId: '', apiKey, origin: relay.url, clockOffsetMs, bearer: true }
}
