import { randomBytes } from 'node:crypto'
import type * as z from 'zod/mini'
import { rotationRequestSchema } from '#protocol/requests.ts'
import { randomSecret } from '../auth/secrets.ts'
import { jsonBody } from '../http/json.ts'
import type { ChannelRecord, ChannelSecrets } from '../store/records.ts'
import { tryUnseal } from './view.ts'

/** How long the secret before is still accepted, ms. relay:CH13 */
const PREVIOUS_VALID_MS = 24 * 60 * 60_000
/** What Standard Webhooks libraries expect in front of the base64 of the key. relay:WH8 */
const STANDARD_PREFIX = 'whsec_'
const KEY_BYTES = 32

const KEY_LOST = {
  state: 'auth_failed',
  detail: 'The relay’s encryption key was lost, and secrets of this channel with it. Make its URL and its signing secret anew.',
} as const

export type WantedRotation = z.infer<typeof rotationRequestSchema>

/** `secret` in clear for its owner, '' when signing was switched off; `previousUntil` (epoch ms) when there was one before. */
export type Rotated = { channel: ChannelRecord; secret: string; previousUntil?: number }

/** The body of POST /channels/:id/rotate-secret. Throws missing_field, invalid_field. */
export function readRotation(body: Buffer): WantedRotation {
  return jsonBody(rotationRequestSchema, body)
}

/** A channel with a fresh secret; the one before stays valid for a day. Without a scheme a signing secret keeps the one it has. relay:CH13 */
export function rotated(
  channel: ChannelRecord,
  { which, scheme }: WantedRotation,
  { seal, unseal, now }: { seal: (plain: string) => string; unseal: (sealed: string) => string; now: number },
): Rotated {
  const until = now + PREVIOUS_VALID_MS
  const { signing: before, signingPrevious: _, ...others } = channel.secrets
  const readable = (sealed: string | undefined) => tryUnseal(sealed, unseal) !== undefined
  const withSecrets = (secrets: ChannelSecrets): ChannelRecord => ({ ...channel, secrets, status: statusWith(secrets, readable) })
  if (which === 'url') {
    const secret = randomSecret()
    const sealed = others.webhook
    const previous = sealed !== undefined && readable(sealed) ? { webhookPrevious: { sealed, until } } : undefined
    return done(withSecrets({ ...channel.secrets, webhook: seal(secret), ...previous }), secret, previous && until)
  }
  if (scheme === 'none') return { channel: withSecrets(others), secret: '' }
  const wanted = scheme ?? before?.scheme ?? 'standard'
  const secret = wanted === 'standard' ? STANDARD_PREFIX + randomBytes(KEY_BYTES).toString('base64') : randomSecret(KEY_BYTES)
  const previous = before && readable(before.sealed) ? { signingPrevious: { ...before, until } } : undefined
  return done(withSecrets({ ...others, signing: { scheme: wanted, sealed: seal(secret) }, ...previous }), secret, previous && until)
}

/** A channel whose secrets went with the relay's key works again once all of them are new. relay:STO3 */
function statusWith(
  { webhook, signing }: ChannelSecrets,
  readable: (sealed: string | undefined) => boolean,
): ChannelRecord['status'] {
  return readable(webhook) && (signing === undefined || readable(signing.sealed)) ? { state: 'ok' } : KEY_LOST
}

function done(channel: ChannelRecord, secret: string, previousUntil: number | undefined): Rotated {
  return { channel, secret, ...(previousUntil !== undefined && { previousUntil }) }
}
