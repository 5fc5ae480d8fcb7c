/** Numbers both sides must agree on. Sizes in bytes, times in milliseconds, unless the name says otherwise. */

/** relay:REP2, client:CRP5 */
export const MAX_REPLY_BYTES = 65_536
/** relay:REP12: three files of 5 MiB in base64 and the text around them. */
export const MAX_REPLY_BODY_BYTES = 22 * 1024 * 1024
/** relay:WS15: the largest frame a socket may send; larger closes 1009. */
export const MAX_FRAME_BYTES = 22 * 1024 * 1024
/** relay:ATT1, relay:REP12, client:CAT1, client:CAT6 */
export const MAX_ATTACHMENTS = 3
export const MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024
/** relay:ATT3 */
export const MAX_HTML_BYTES = 1024 * 1024
/** relay:ATT2, client:CAT2 */
export const MAX_FILENAME_CHARACTERS = 120

/** relay:SIG6, client:PIN2 */
export const CLOCK_TOLERANCE_MS = 300_000
/** relay:SIG8: at least the tolerance on both sides plus a margin. */
export const NONCE_KEPT_MS = 11 * 60_000
/** relay:WS3 */
export const TICKET_LIFE_MS = 30_000
/** relay:WS7 */
export const RESUME_WITHIN_MS = 10_000
/** relay:WS11 */
export const SERVER_PING_MS = 25_000
export const SERVER_SILENCE_MS = 60_000
/** relay:WS13, client:CRP2 */
export const REPLY_ACK_WITHIN_MS = 10_000

/** relay:CUR4 */
export const PAGE_DEFAULT = 100
export const PAGE_MAX = 500
/** relay:CH5 */
export const MAX_CHANNELS = 100
/** Conversations of one channel that are taken over at once. relay:TKO1 */
export const MAX_TAKEN_OVER = 1_000
export const MAX_CHANNEL_NAME = 100
export const MAX_PROMPT_BYTES = 8 * 1024
export const MAX_METADATA_BYTES = 16 * 1024
/** relay:CH3 */
export const MIN_WEBHOOK_SECRET = 8
/** relay:DUR2, DUR3, REP11: how long a repeated id is recognised. */
export const DEDUP_KEPT_MS = 30 * 24 * 60 * 60_000
/** relay:APV1: how long an approval waits and may be used, unless its asker says otherwise; and the bounds of what it may say. */
export const APPROVAL_LIFE_MS = 5 * 60_000
export const APPROVAL_LIFE_MIN_MS = 1_000
export const APPROVAL_LIFE_MAX_MS = 24 * 60 * 60_000
/** Bytes of the canonical JSON: a person must be able to read what is asked. relay:APV1 */
export const MAX_APPROVAL_BYTES = 64 * 1024
/** Approvals of one session that wait at once. */
export const MAX_PENDING_APPROVALS = 50
/** relay:APV2 */
export const APPROVAL_WAIT_MAX_MS = 30_000
/** relay:APV2: how long decisions stay in the list. */
export const APPROVALS_KEPT_MS = 30 * 24 * 60 * 60_000
/** relay:PAIR1 */
export const PAIRING_LIFE_MS = 15 * 60_000
/** relay:PAIR4 */
export const PAIRING_GUESSES = 5
/** relay:EML3 */
export const VERIFICATION_LIFE_MS = 24 * 60 * 60_000

/** relay:DEV1 */
export const DEVICE_LINK_LIFE_MS = 600_000
export const DEVICE_SESSION_LIFE_MS = 60 * 60_000

/** WebSocket subprotocol of protocol version 2. relay:WS4, WS5 */
export const SOCKET_PROTOCOL = 'chaos.v2'
/** Prefix of the subprotocol that carries the single-use ticket. relay:WS4 */
export const TICKET_PREFIX = 'ticket.'

/** Close codes of our own. relay:WS7, WS14, WS15 */
export const CLOSE = {
  policy: 1008,
  tooLarge: 1009,
  restarting: 1012,
  tooSlow: 1013,
  tooMany: 4001,
  noResume: 4002,
} as const
