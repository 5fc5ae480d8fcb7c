import { RelayError } from '#protocol/errors.ts'
import { equalSecret, randomSecret } from '../auth/secrets.ts'
import type { Clock } from '../clock.ts'
import type { Answer, OwnerRoute, SessionRequest } from '../http/route.ts'
import type { ChannelRecord } from '../store/records.ts'
import { readNewChannel, type WantedChannel } from './create.ts'
import type { Host } from './host.ts'
import { channelGone, ownChannel } from './own.ts'
import { readPatch } from './patch.ts'
import { type Rotated, readRotation, rotated } from './rotate.ts'
import { tryUnseal, webhookUrl } from './view.ts'

/** A channel's settings and nothing else. */
const MAX_BODY_BYTES = 128 * 1024

/** GET and POST /channels, PATCH and DELETE /channels/:id, POST /channels/:id/rotate-secret. relay:CH1-CH10, CH13 */
export function channelRoutes({ host, clock }: { host: Host; clock: Pick<Clock, 'now'> }): OwnerRoute[] {
  /** relay:CH3: only this answer tells the secret as a field. */
  function created(status: 200 | 201, channel: ChannelRecord, secret: string | undefined, baseUrl: string): Answer {
    const view = host.view(channel, baseUrl)
    if (secret === undefined) return { status, json: { channel: view } }
    return {
      status,
      json: {
        channel: { ...view, metadata: { ...view.metadata, webhookSecret: secret } },
        webhookUrl: webhookUrl(baseUrl, channel.id, secret),
      },
    }
  }

  /** The same channel asked for once more is answered like the first time. relay:CH4 */
  function again(known: ChannelRecord, { channel, secret }: WantedChannel, baseUrl: string): Answer {
    const current = tryUnseal(known.secrets.webhook, host.unseal)
    const same = known.userId === channel.userId && known.type === channel.type
    if (!same || (secret !== undefined && !equalSecret(secret, current ?? ''))) throw taken()
    return created(200, known, current, baseUrl)
  }

  async function create({ body, session: { userId }, baseUrl }: SessionRequest): Promise<Answer> {
    const wanted = readNewChannel(body, { userId, now: clock.now() })
    const known = host.channel(wanted.channel.id)
    if (known) return again(known, wanted, baseUrl)
    const secret = wanted.channel.type === 'webhook' ? (wanted.secret ?? randomSecret()) : undefined
    const { signing } = wanted
    const secrets = {
      ...(secret !== undefined && { webhook: host.seal(secret) }),
      ...(signing && { signing: { scheme: signing.scheme, sealed: host.seal(signing.secret) } }),
    }
    try {
      return created(201, await host.insert({ ...wanted.channel, secrets }), secret, baseUrl)
    } catch (error) {
      const other = host.channel(wanted.channel.id)
      if (error instanceof RelayError && error.code === 'channel_exists' && other) return again(other, wanted, baseUrl)
      throw error
    }
  }

  async function patch({ body, params, session: { userId }, baseUrl }: SessionRequest): Promise<Answer> {
    const { id } = ownChannel(host, userId, params.id)
    const { change, ignored } = readPatch(body)
    const channel = await host.update(id, change)
    if (!channel) throw channelGone()
    return { json: { ok: true, channel: host.view(channel, baseUrl), ...(ignored.length > 0 && { ignored }) } }
  }

  async function remove({ params, session: { userId } }: SessionRequest): Promise<Answer> {
    const { id } = ownChannel(host, userId, params.id)
    await host.remove(id)
    return { json: { ok: true } }
  }

  async function rotate({ body, params, session: { userId }, baseUrl }: SessionRequest): Promise<Answer> {
    const { id, type } = ownChannel(host, userId, params.id)
    if (type !== 'webhook') throw new RelayError('wrong_channel_type', 'Only webhook channels have secrets to renew.')
    const wanted = readRotation(body)
    const outcome: { rotated?: Rotated } = {}
    await host.update(id, (channel) => {
      outcome.rotated = rotated(channel, wanted, { seal: host.seal, unseal: host.unseal, now: clock.now() })
      return outcome.rotated.channel
    })
    if (!outcome.rotated) throw channelGone()
    const { secret, previousUntil } = outcome.rotated
    return {
      json: {
        secret,
        ...(wanted.which === 'url' && { webhookUrl: webhookUrl(baseUrl, id, secret) }),
        ...(previousUntil !== undefined && { previousValidUntil: new Date(previousUntil).toISOString() }),
      },
    }
  }

  return [
    {
      method: 'GET',
      path: '/channels',
      handle: ({ session: { userId }, baseUrl }) => ({
        json: { channels: host.list(userId).map((channel) => host.view(channel, baseUrl)) },
      }),
    },
    { method: 'POST', path: '/channels', maxBody: MAX_BODY_BYTES, limit: 'channelRegister', handle: create },
    { method: 'PATCH', path: '/channels/:id', maxBody: MAX_BODY_BYTES, handle: patch },
    { method: 'DELETE', path: '/channels/:id', handle: remove },
    { method: 'POST', path: '/channels/:id/rotate-secret', handle: rotate },
  ]
}

/** The same words whoever holds the id. relay:CH4 */
function taken(): RelayError {
  return new RelayError('channel_exists', 'This channel id is taken. Choose another id, or leave it out.')
}
