import { randomBytes } from 'node:crypto'
import * as z from 'zod/mini'
import { randomSecret } from '../auth/secrets.ts'
import { jsonBody } from '../http/json.ts'
import type { ChannelRecord } from '../store/records.ts'

/** How long the secret before is still accepted, ms. relay:CH13 */
const PREVIOUS_VALID_MS = 24 * 60 * 60_000
/** What Standard Webhooks libraries expect in front of the base64 of the key. relay:WH8 */
const STANDARD_PREFIX = 'whsec_'
const KEY_BYTES = 32

const rotationSchema = z.object({
  which: z.enum(['url', 'signing']),
  scheme: z.optional(z.enum(['standard', 'github', 'none'])),
})
export type WantedRotation = z.infer<typeof rotationSchema>

/** `secret` in clear for its owner, '' when signing was switched off; `previousUntil` (epoch ms) when there was one before. */
export type Rotated = { channel: ChannelRecord; secret: string; previousUntil?: number }

/** The body of POST /channels/:id/rotate-secret. Throws missing_field, invalid_field. */
export function readRotation(body: Buffer): WantedRotation {
  return jsonBody(rotationSchema, body)
}

/** A channel with a fresh secret; the one before stays valid for a day. Without a scheme a signing secret keeps the one it has. relay:CH13 */
export function rotated(
  channel: ChannelRecord,
  { which, scheme }: WantedRotation,
  { seal, now }: { seal: (plain: string) => string; now: number },
): Rotated {
  const until = now + PREVIOUS_VALID_MS
  const { signing: before, signingPrevious: _, ...others } = channel.secrets
  if (which === 'url') {
    const secret = randomSecret()
    const previous = others.webhook === undefined ? undefined : { webhookPrevious: { sealed: others.webhook, until } }
    return done({ ...channel, secrets: { ...channel.secrets, webhook: seal(secret), ...previous } }, secret, previous && until)
  }
  if (scheme === 'none') return { channel: { ...channel, secrets: others }, secret: '' }
  const wanted = scheme ?? before?.scheme ?? 'standard'
  const secret = wanted === 'standard' ? STANDARD_PREFIX + randomBytes(KEY_BYTES).toString('base64') : randomSecret(KEY_BYTES)
  const previous = before && { signingPrevious: { ...before, until } }
  return done(
    { ...channel, secrets: { ...others, signing: { scheme: wanted, sealed: seal(secret) }, ...previous } },
    secret,
    previous && until,
  )
}

function done(channel: ChannelRecord, secret: string, previousUntil: number | undefined): Rotated {
  return { channel, secret, ...(previousUntil !== undefined && { previousUntil }) }
}
