import { channelsAnswerSchema } from '#protocol/http.ts'
import { errorCode, failureOf, readJson } from '../../relay/answers.ts'
import { probeSigned } from '../../relay/probe.ts'
import type { Finding } from '../model.ts'
import type { Patient } from '../patient.ts'

type Found = Promise<Omit<Finding, 'check'>>

const TARGET = '/channels'

/** A signed question nobody answers without a good token. Asked as the connection asks, with the clock as it was just seen. client:CSG1 */
export async function checkToken({ host, record, relay, pin, probe, ...patient }: Patient): Found {
  const { profile, identity, session: stored } = await record()
  const address = await relay()
  const session = stored?.origin === address.url ? stored : undefined
  const known = await pin()
  if (!session || !identity || !(known || session.older)) return { outcome: 'fail', code: 'token.none', fix: 'connect' }
  const { answer } = await probe()
  const offset = answer.kind === 'relay' ? answer.aheadMs : session.clockOffsetMs
  const account = { profile, relay: address, identity, session, ...(known && { pin: known }) }
  const raw = await probeSigned(host.network, account, TARGET, offset)
  // The refusals of an older relay have no codes.
  const code = session.older && raw.status === 401 ? 'invalid_token' : errorCode(raw)
  if (code === 'invalid_token' || code === 'missing_token')
    return { outcome: 'fail', code: 'token.refused', fix: session.bearer ? 'pasteToken' : 'registerAgain' }
  if (code === 'bad_signature' || code === 'signature_required')
    return { outcome: 'fail', code: 'token.signature', fix: session.bearer ? 'pasteToken' : 'registerAgain' }
  if (raw.status >= 300)
    return { outcome: 'fail', code: 'token.failed', words: { reason: failureOf('GET', TARGET, raw).message }, fix: 'retry' }
  const { channels } = readJson(raw, channelsAnswerSchema)
  patient.listed.channels = channels
  return { outcome: 'ok', code: 'token.accepted', figures: { channels: channels.length } }
}
