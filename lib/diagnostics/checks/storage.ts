import { Failure } from '../../messaging/failure.ts'
import { sleep } from '../../platform/timers.ts'
import { signText, verifyText } from '../../relay/keys.ts'
import { parseRelayUrl } from '../../relay/url.ts'
import type { Finding } from '../model.ts'
import type { Patient } from '../patient.ts'

type Found = Promise<Omit<Finding, 'check'>>

/** A database that is in order opens in milliseconds. */
const OPENS_WITHIN_MS = 8_000
const SIGNED = 'chaos-relay-doctor'

/** Opens, reads and counts what is kept; records that were set aside as unreadable are an issue. client:ARC7 */
export async function checkStorage({ host, open, record }: Patient): Found {
  const { timers } = host.network
  const before = timers.now()
  try {
    const late = sleep(timers, OPENS_WITHIN_MS).then(() => {
      throw new Failure('late', 'The database does not open.')
    })
    late.catch(() => undefined)
    const db = await Promise.race([open(), late])
    const ms = timers.now() - before
    await record()
    const [messages, aside] = await Promise.all([db.count('messages'), db.count('quarantine')])
    return aside > 0
      ? { outcome: 'warn', code: 'storage.aside', figures: { messages, aside }, fix: 'clearAside' }
      : { outcome: 'ok', code: 'storage.opened', figures: { messages, ms } }
  } catch (error) {
    const reason = error instanceof Failure ? error.message : 'What is stored cannot be read.'
    return { outcome: 'fail', code: 'storage.closed', words: { reason }, fix: 'resetAll' }
  }
}

/** client:URL1, URL4 */
export async function checkAddress({ record }: Patient): Found {
  const { profile } = await record()
  const relay = parseRelayUrl(profile.relayUrl)
  return relay.ok
    ? { outcome: 'ok', code: 'address.good', words: { url: relay.url } }
    : { outcome: 'fail', code: 'address.bad', words: { reason: relay.reason }, fix: 'changeAddress' }
}

/** Present, and its signatures are good by the public half. client:IDN3, CRG7 */
export async function checkKey({ host, record }: Patient): Found {
  const { identity, session } = await record()
  if (!identity) return { outcome: 'fail', code: 'key.lost', fix: 'chooseIdentity' }
  const before = host.network.timers.now()
  const signs = await signText(identity.privateKey, SIGNED).then(
    (signature) => verifyText(identity.publicKey, SIGNED, signature),
    () => false,
  )
  if (!signs) return { outcome: 'fail', code: 'key.broken', fix: 'chooseIdentity' }
  if (session?.bearer) return { outcome: 'warn', code: 'key.token', fix: 'pasteToken' }
  return { outcome: 'ok', code: 'key.signs', figures: { ms: host.network.timers.now() - before } }
}
