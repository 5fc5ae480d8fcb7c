import * as z from 'zod'
import { RelayError } from '#protocol/errors.ts'
import type { Clock } from '../../clock.ts'
import { jsonObject } from '../../http/json.ts'
import type { RateLimits, RelayRequest, Route } from '../../http/route.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { ChannelHost } from '../port.ts'
import { tryUnseal } from '../view.ts'
import { readCallback } from './event.ts'
import type { Receive } from './receive.ts'
import { refused, signatureHeaders, verifySlackRequest } from './requestSignature.ts'

const verificationSchema = z.object({ type: z.literal('url_verification'), challenge: z.string().max(1024) })

/** POST /slack/:id, where Slack posts the events of apps without Socket Mode. relay:SL3, RL4, DUR1 */
export function eventsRoute(relay: { host: ChannelHost; limits: RateLimits; receive: Receive; clock: Pick<Clock, 'now'> }): Route {
  const { host, limits, receive, clock } = relay

  function slackChannel({ params }: Omit<RelayRequest, 'body'>): ChannelRecord {
    const channel = host.channel(params.id ?? '')
    if (!channel) throw new RelayError('unknown_channel', 'There is no such channel.')
    if (channel.type !== 'slack') throw new RelayError('wrong_channel_type', 'This is not a Slack channel.')
    return channel
  }

  /** Before the body is read: without headers nothing is worth reading, without a secret nothing can be believed. */
  function before(request: Omit<RelayRequest, 'body'>): void {
    const channel = slackChannel(request)
    const known = channel.secrets.platform !== undefined && signatureHeaders(request.headers)
    if (known) return
    limits.consume('inboundAuthFail', request.ip)
    throw refused('This request is not signed by the Slack app of this channel.')
  }

  function verify({ headers, body, ip }: RelayRequest, channel: ChannelRecord): void {
    const given = signatureHeaders(headers)
    const secret = tryUnseal(channel.secrets.platform, host.unseal)
    try {
      if (!given || secret === undefined) throw refused('This request is not signed by the Slack app of this channel.')
      verifySlackRequest(given, body, secret, clock.now())
    } catch (error) {
      limits.consume('inboundAuthFail', ip)
      throw error
    }
  }

  return {
    method: 'POST',
    path: '/slack/:id',
    before,
    async handle(request) {
      const channel = slackChannel(request)
      verify(request, channel)
      const value = jsonObject(request.body)
      const { data: verification } = verificationSchema.safeParse(value)
      if (verification) return { json: { challenge: verification.challenge } }
      if (!channel.enabled) throw new RelayError('channel_disabled', 'This channel is switched off.', { status: 403 })
      limits.consume('inbound', channel.id)
      const callback = readCallback(value)
      const messageId = callback && (await receive(channel, callback))
      return { json: { ok: true, ...(messageId !== undefined && { messageId }) } }
    },
  }
}
