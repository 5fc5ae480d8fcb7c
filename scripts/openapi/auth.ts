import type { Operation } from './operation.ts'

export type Auth =
  | 'open'
  | 'bearer'
  | 'signed'
  | 'webhookToken'
  | 'responses'
  | 'telegramSecret'
  | 'discordProof'
  | 'slackSignature'
  | 'eventSignature'
  | 'operator'
  | 'adminCookie'
  | 'deviceCookie'

type Way = {
  /** OpenAPI security requirements: any of the list. */
  security: readonly Readonly<Record<string, readonly string[]>>[]
  errors: NonNullable<Operation['errors']>
}

const SESSION_ERRORS = [
  'missing_token',
  'invalid_token',
  'signature_required',
  'clock_skew',
  'bad_signature',
  'replayed_nonce',
] as const
const BEARER = { apiKey: [] }
const SIGNED = { apiKey: [], signature: [] }

/** How a caller shows who it is. Relay §1's B is `bearer`, S is `signed`. */
export const AUTH: Readonly<Record<Auth, Way>> = {
  open: { security: [], errors: [] },
  bearer: { security: [BEARER, SIGNED], errors: SESSION_ERRORS },
  signed: { security: [SIGNED], errors: [...SESSION_ERRORS, ['signature_required', 403]] },
  webhookToken: { security: [{ webhookToken: [] }], errors: ['invalid_token'] },
  responses: { security: [{}, { webhookToken: [] }, BEARER, SIGNED], errors: SESSION_ERRORS },
  telegramSecret: { security: [{ telegramSecret: [] }], errors: ['invalid_token'] },
  operator: { security: [{}, { adminKey: [] }], errors: ['missing_token', 'invalid_token'] },
  discordProof: { security: [{ discordSignature: [] }, { discordSecret: [] }], errors: ['bad_signature', 'invalid_token'] },
  slackSignature: { security: [{ slackSignature: [] }], errors: ['bad_signature'] },
  eventSignature: { security: [{ eventSignature: [] }], errors: ['bad_signature'] },
  deviceCookie: { security: [{ deviceCookie: [] }], errors: ['missing_token', 'invalid_token'] },
  adminCookie: { security: [{ adminCookie: [] }], errors: ['missing_token', 'invalid_token', 'admin_not_configured'] },
}

export const SECURITY_SCHEMES = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The apiKey of POST /auth/register. Alone it is enough for a session registered without a public key (relay:AUTH1-AUTH5).',
  },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Signature',
    description: [
      'A session registered with a public key signs every request, in four headers: X-Timestamp (ISO 8601, at most 300 s off), X-Nonce (8 to 128 visible',
      'ASCII characters without "|", used once), X-Signature-Version: 2, and X-Signature, the standard base64 of the raw 64-byte ECDSA P-256/SHA-256',
      'signature of `v2|timestamp|nonce|METHOD|path?query|sha256hex(body)`. Path and query are as sent, without the path prefix of CHAOS_PUBLIC_URL',
      '(relay:SIG1-SIG9). Working code: examples/node/client.mjs, examples/python/client.py.',
    ].join(' '),
  },
  adminKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'CHAOS_ADMIN_KEY. Programs on the relay’s own machine need none (remote:TRU1).',
  },
  webhookToken: {
    type: 'apiKey',
    in: 'query',
    name: 'token',
    description: 'The secret in the webhook’s address (relay:CH3, CH13).',
  },
  ticket: { type: 'apiKey', in: 'header', name: 'Sec-WebSocket-Protocol', description: '`chaos.v2, ticket.<value>` (relay:WS4).' },
  socketToken: { type: 'apiKey', in: 'query', name: 'token', description: 'The apiKey, where no header can be set (relay:WS2).' },
  telegramSecret: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Telegram-Bot-Api-Secret-Token',
    description: 'What the relay gave Telegram with setWebhook; `?secret=` is taken too (relay:TG5).',
  },
  discordSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Signature-Ed25519',
    description: 'Hex of Discord’s Ed25519 signature of X-Signature-Timestamp and the exact body (relay:DC6).',
  },
  discordSecret: {
    type: 'apiKey',
    in: 'query',
    name: 'secret',
    description: 'The secret in the channel’s `inboundUrl`; it counts only where nothing claims to be signed (relay:DC7).',
  },
  slackSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Slack-Signature',
    description: '`v0=` and the hex of HMAC-SHA256 over `v0:timestamp:body`, with X-Slack-Request-Timestamp (relay:SL3).',
  },
  deviceCookie: { type: 'apiKey', in: 'cookie', name: 'chaos_app', description: 'Given by POST /app/session (relay:DEV1).' },
  adminCookie: { type: 'apiKey', in: 'cookie', name: 'chaos_admin', description: 'Given by POST /admin/login (relay:ADM3).' },
  eventSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'svix-signature',
    description:
      'HMAC-SHA256 of `id.timestamp.body`, with svix-id and svix-timestamp, or the same three as webhook-* (relay:EML6).',
  },
}
