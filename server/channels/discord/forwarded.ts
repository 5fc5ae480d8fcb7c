import { type DiscordMessage, messageSchema } from './message.ts'

/** What a forwarder sent. relay:DC7 */
export type Forwarded = { kind: 'ping' } | { kind: 'message'; message: DiscordMessage; edited: boolean } | { kind: 'other' }

/** Events of the Gateway are forwarded with their name. */
const EVENTS = new Set(['MESSAGE_CREATE', 'MESSAGE_UPDATE'])

/** A message at `.message`, `.d` or the top. */
export function readForwarded(body: Record<string, unknown>): Forwarded {
  const { t, type, message, d } = body
  if (typeof t === 'string' && !EVENTS.has(t)) return { kind: 'other' }
  for (const place of [message, d, body]) {
    const parsed = messageSchema.safeParse(place)
    if (!parsed.success) continue
    const edited = t === 'MESSAGE_UPDATE' || Boolean(parsed.data.edited_timestamp)
    return { kind: 'message', message: parsed.data, edited }
  }
  return type === 1 ? { kind: 'ping' } : { kind: 'other' }
}
