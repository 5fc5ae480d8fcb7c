import { RelayError } from '#protocol/errors.ts'
import { takeOverSchema } from '#protocol/requests.ts'
import { jsonBody } from '../http/json.ts'
import type { Answer, OwnerRoute, SessionRequest } from '../http/route.ts'
import type { InboxStore } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'
import type { Host } from './host.ts'
import { channelGone, ownChannel } from './own.ts'
import { withoutTakenOver } from './takeOver.ts'

type Parts = { host: Pick<Host, 'channel' | 'takeOver' | 'update' | 'view'>; inbox: Pick<InboxStore, 'knowsTarget'> }

/** POST /channels/:id/take-over and /hand-back. relay:TKO1 */
export function takeOverRoutes({ host, inbox }: Parts): OwnerRoute[] {
  type Change = (id: string, target: string) => Promise<ChannelRecord | undefined>

  const changing =
    (change: Change) =>
    async ({ body, params, session: { userId }, baseUrl }: SessionRequest): Promise<Answer> => {
      const { conversation } = jsonBody(takeOverSchema, body)
      const known = ownChannel(host, userId, params.id)
      const changed = await change(known.id, await target(known, conversation))
      if (!changed) throw channelGone()
      return { json: { ok: true, channel: host.view(changed, baseUrl) } }
    }

  async function target({ id, type }: ChannelRecord, conversation: string | number | undefined): Promise<string> {
    if (type === 'webhook') return ''
    if (conversation === undefined || conversation === '')
      throw new RelayError('missing_field', 'Missing conversation: the chat, channel or address it is held in.')
    const named = type === 'email' ? String(conversation).toLowerCase() : String(conversation)
    if (await inbox.knowsTarget(id, named)) return named
    throw new RelayError('no_target', '"conversation" names one that never wrote to this channel.')
  }

  return [
    { method: 'POST', path: '/channels/:id/take-over', handle: changing(host.takeOver) },
    {
      method: 'POST',
      path: '/channels/:id/hand-back',
      handle: changing((id, target) => host.update(id, withoutTakenOver(target))),
    },
  ]
}
