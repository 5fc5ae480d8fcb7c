import * as z from 'zod/mini'
import { newChannelSchema, type SigningScheme, signingSchemeSchema } from '#protocol/channel.ts'
import { RelayError } from '#protocol/errors.ts'
import { MIN_WEBHOOK_SECRET } from '#protocol/limits.ts'
import { channelTypeSchema, type Metadata } from '#protocol/message.ts'
import { randomSecret } from '../auth/secrets.ts'
import { jsonBody, jsonObject } from '../http/json.ts'
import type { ChannelRecord } from '../store/records.ts'
import { checkSizes } from './fields.ts'
import { RESERVED_METADATA } from './view.ts'

/** relay:CH5 */
const CHANNEL_ID = /^[A-Za-z0-9_-]{1,64}$/
/** Else it would be a key anybody can guess. relay:WH8 */
const STANDARD_SECRET = /^whsec_[A-Za-z0-9+/]{22,}={0,2}$/
/** A secret stands in a URL. */
const MAX_WEBHOOK_SECRET = 256

type Signing = { scheme: SigningScheme; secret: string }
/** A channel somebody asks for; `secret` and `signing` only where the caller brings them. */
export type WantedChannel = { channel: ChannelRecord; secret: string | undefined; signing: Signing | undefined }

/** What POST /channels asks for. Throws invalid_type, invalid_field, content_too_large. relay:CH1-CH3, CH5 */
export function readNewChannel(body: Buffer, { userId, now }: { userId: string; now: number }): WantedChannel {
  const type = z.safeParse(channelTypeSchema, jsonObject(body).type ?? 'webhook')
  if (!type.success) throw new RelayError('invalid_type', 'type must be webhook, telegram, discord, slack or email.')
  const { id, name, prompt, direction, agentId = '', enabled = true, ...rest } = jsonBody(newChannelSchema, body)
  if (id !== undefined && !CHANNEL_ID.test(id))
    throw new RelayError('invalid_field', 'id must have 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-".')
  const { webhookSecret, signingScheme, signingSecret, ...metadata } = rest.metadata ?? {}
  checkSizes({ name, prompt, agentId, metadata })
  const isWebhook = type.data === 'webhook'
  return {
    secret: isWebhook ? readSecret('webhookSecret', webhookSecret) : undefined,
    signing: isWebhook ? readSigning(signingScheme, signingSecret) : undefined,
    channel: {
      id: id ?? `${type.data}_${randomSecret(12)}`,
      userId,
      type: type.data,
      revision: 0,
      ...(name !== undefined && { name }),
      ...(prompt !== undefined && { prompt }),
      agentId,
      direction: direction ?? (isWebhook ? 'inbound' : 'bidirectional'),
      enabled,
      ...(rest.runInBackground !== undefined && { runInBackground: rest.runInBackground }),
      ...(rest.notifyOnComplete !== undefined && { notifyOnComplete: rest.notifyOnComplete }),
      createdAt: now,
      metadata: unreserved(metadata),
      platform: {},
      secrets: {},
      status: isWebhook ? { state: 'ok' } : { state: 'not_configured' },
    },
  }
}

/** Both or neither: without the scheme nobody knows what to check, without the secret nothing can be. relay:CH3 */
function readSigning(scheme: unknown, secret: unknown): Signing | undefined {
  if (scheme === undefined && secret === undefined) return undefined
  const known = z.safeParse(signingSchemeSchema, scheme)
  if (!known.success)
    throw new RelayError('invalid_field', 'metadata.signingScheme must be standard or github, with a signingSecret.')
  const text = readSecret('signingSecret', secret)
  if (text === undefined) throw new RelayError('invalid_field', 'metadata.signingScheme needs a signingSecret.')
  if (known.data === 'standard' && !STANDARD_SECRET.test(text))
    throw new RelayError('invalid_field', 'metadata.signingSecret must be whsec_ and the base64 of at least 16 bytes.')
  return { scheme: known.data, secret: text }
}

function readSecret(name: 'webhookSecret' | 'signingSecret', secret: unknown): string | undefined {
  if (secret === undefined) return undefined
  if (
    typeof secret === 'string' &&
    secret.length >= MIN_WEBHOOK_SECRET &&
    secret.length <= MAX_WEBHOOK_SECRET &&
    secret.isWellFormed()
  )
    return secret
  throw new RelayError(
    'invalid_field',
    `metadata.${name} must be a text of ${MIN_WEBHOOK_SECRET} to ${MAX_WEBHOOK_SECRET} characters.`,
  )
}

function unreserved(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== '__proto__' && !RESERVED_METADATA.includes(name)))
}
