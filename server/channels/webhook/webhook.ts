import { hash } from 'node:crypto'
import { RelayError } from '#protocol/errors.ts'
import type { Clock } from '../../clock.ts'
import type { Answer, RateLimits, RelayRequest, Route } from '../../http/route.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { type ChannelAdapter, type ChannelHost, DeliveryFailure } from '../port.ts'
import { readPost } from './content.ts'
import { createWebhookSecrets } from './secrets.ts'
import { isSigned } from './signature.ts'

/** relay:DUR3 */
const IDEMPOTENCY_KEY = /^[!-~]{1,255}$/
/** What a header holds that is not ASCII. */
const NOT_ASCII = /[\x80-\xff]/
/** Characters of a delivery id that are kept as they are. */
const MAX_DELIVERY_ID = 255

type Head = Omit<RelayRequest, 'body'>

/** Webhooks: anything that can POST becomes a channel. Checks run in the order of relay:WH1. */
export function createWebhook({
  host,
  limits,
  clock,
  maxBodyBytes,
}: {
  host: Pick<ChannelHost, 'channel' | 'ingest' | 'unseal'>
  limits: RateLimits
  clock: Pick<Clock, 'now'>
  maxBodyBytes: number
}): { adapter: ChannelAdapter; routes: Route[] } {
  const secrets = createWebhookSecrets({ unseal: host.unseal, now: clock.now })

  function channelOf({ params }: Head): ChannelRecord {
    const channel = host.channel(params.id ?? '')
    if (!channel) throw new RelayError('unknown_channel', 'There is no such webhook. Copy its address again from the options page.')
    if (channel.type !== 'webhook')
      throw new RelayError('wrong_channel_type', `This channel is of type ${channel.type}; it takes no webhook posts.`)
    return channel
  }

  /** Everything that can be known before the body is read. */
  function admit(request: Head): void {
    const channel = channelOf(request)
    if (!secrets.isToken(channel, request.query.get('token'))) {
      limits.consume('inboundAuthFail', request.ip)
      throw new RelayError(
        'invalid_token',
        'The token in this webhook address is wrong. Copy the address again from the options page.',
      )
    }
    if (!channel.enabled)
      throw new RelayError('channel_disabled', 'This webhook is switched off. Its owner can switch it on in options.', {
        status: 403,
      })
    limits.consume('inbound', channel.id)
  }

  async function take(request: RelayRequest): Promise<Answer> {
    const channel = channelOf(request)
    const { headers, body } = request
    const keys = secrets.signingKeys(channel)
    if (keys.length > 0 && !isSigned(keys, headers, body, clock.now()))
      throw new RelayError('bad_signature', 'This webhook wants signed posts, and the signature is missing, old or wrong.')
    const idempotencyKey = keyOf(header(headers['idempotency-key']))
    const dedupKey = deliveryOf(header(headers['webhook-id']), header(headers['x-github-delivery']))
    const read = readPost({
      body,
      contentType: headers['content-type'],
      source: headerText(header(headers['x-webhook-source'])),
      prettyJson: channel.metadata.jsonFormat === 'pretty',
    })
    const inbound = read instanceof Promise ? await read : read
    if (dedupKey !== undefined) inbound.dedupKey = dedupKey
    if (idempotencyKey !== undefined) inbound.idempotency = { key: idempotencyKey, bodyHash: hash('sha256', body) }
    const { messageId, duplicate } = await host.ingest(channel, inbound)
    return { json: { ok: true, messageId, ...(duplicate && idempotencyKey !== undefined && { duplicate: true }) } }
  }

  return {
    routes: [{ method: 'POST', path: '/webhook/:id', maxBody: maxBodyBytes, before: admit, handle: take }],
    adapter: {
      type: 'webhook',
      // Whoever posts here fetches the answers at /responses: stored is sent. relay:REP7
      parts: () => [],
      async send() {
        throw new DeliveryFailure('Webhook replies are read at /responses, never sent.', { permanent: true })
      },
    },
  }
}

/** relay:DUR3 */
function keyOf(value: string | undefined): string | undefined {
  if (value === undefined || IDEMPOTENCY_KEY.test(value)) return value
  throw new RelayError('invalid_field', 'Idempotency-Key must be 1 to 255 visible ASCII characters.')
}

/** The sender's own id of a delivery: a repeat gets the first answer. Ids longer than any real one are kept as their hash. relay:DUR2 */
function deliveryOf(standard: string | undefined, github: string | undefined): string | undefined {
  if (standard) return `webhook-id:${bounded(standard)}`
  return github ? `github:${bounded(github)}` : undefined
}

function bounded(id: string): string {
  return id.length <= MAX_DELIVERY_ID ? id : hash('sha256', id)
}

/** Senders write their names in UTF-8, which HTTP hands on byte by byte; the rest means Latin-1. relay:WH5 */
function headerText(value: string | undefined): string | undefined {
  if (value === undefined || !NOT_ASCII.test(value)) return value
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'))
  } catch {
    return value
  }
}

function header(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
