import type { ErrorCode } from '#protocol/errors.ts'

/** What to do next, for refusals where the client knows better than the relay. client:HTE4 */
export const SENTENCES: Partial<Record<ErrorCode, string>> = {
  content_too_large: 'This message is longer than the relay takes (64 KiB). Shorten it and send again.',
  body_too_large: 'This is more than the relay takes in one go. Shorten it or send fewer files.',
  attachment_too_large: 'The relay takes at most 3 files of 5 MiB each. Remove or shrink one and send again.',
  channel_not_found: 'This channel is no longer on the relay. Refresh the list.',
  attachment_not_found: 'The relay does not have this file (any more).',
  channel_disabled: 'This channel is switched off. Enable it and send again.',
  not_paired: 'Nobody is paired with this channel yet. Pair it and send again.',
  not_verified: 'This address is not confirmed yet. Press Confirm in the mail we sent, then send again.',
  no_target: 'Nobody has written here yet, so there is no one to answer.',
  bot_in_use: 'Another session already uses this bot. Remove it there or make a new bot.',
  too_many_channels: 'A relay session holds at most 100 channels. Remove one first.',
  // With 403, a route for signed sessions only (client:CRG7).
  signature_required: 'A pasted token has no signing key, which this needs.',
  idempotency_conflict: 'The relay already has another message under this id. Send it again as a new one.',
}

/** client:HTE1. `path` without query (client:HTE2). */
export function timedOut(method: string, path: string): string {
  return `Relay did not respond within 15 s (${method} ${path}) - check the relay address and your network`
}

/** client:HTE2 */
export function requestFailed(method: string, path: string, error: string): string {
  return `Relay request failed (${method} ${path}): ${error}`
}

/** client:HTE6 */
export const NOT_UNDERSTOOD = 'The relay sent an answer this version does not understand'
