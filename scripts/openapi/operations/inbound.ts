import type { Operations } from '../operation.ts'

/** A page for people; refusals are pages too. */
const PAGE = { media: 'text/html; charset=utf-8' }
const LINK = {
  token: { type: 'string', required: true, description: 'Of the link in the mail.' },
  channelId: { type: 'string', required: true, description: 'Whose address is confirmed.' },
} as const

export const inbound: Operations = {
  'POST /webhook/:id': {
    tag: 'Inbound',
    summary: 'Post a message: JSON, text, a form or a file',
    rules: 'relay:WH1-WH10, DUR3',
    auth: 'webhookToken',
    limits: ['inbound', 'inboundAuthFail'],
    headers: {
      'X-Webhook-Source': { type: 'string', description: 'Who it is from (relay:WH5).' },
      'Idempotency-Key': { type: 'string', description: '1 to 255 visible ASCII characters; a repeat gets the first answer.' },
      'webhook-id': { type: 'string', description: 'Standard Webhooks: the id of the delivery, part of what is signed.' },
      'webhook-timestamp': { type: 'string', description: 'Standard Webhooks: seconds since 1970, at most 300 off.' },
      'webhook-signature': {
        type: 'string',
        description: 'Standard Webhooks: `v1,<base64>` of HMAC-SHA256 over `id.timestamp.body`.',
      },
      'X-Hub-Signature-256': { type: 'string', description: 'GitHub’s scheme: `sha256=<hex>` of HMAC-SHA256 over the body.' },
    },
    body: { media: '*/*', description: 'The first text of `content`, `text`, `message`, `body` of a JSON object is the message.' },
    optionalBody: true,
    answers: { 200: { description: 'It is on disk.', body: 'WebhookAccepted' } },
    errors: [
      'unknown_channel',
      'wrong_channel_type',
      ['channel_disabled', 403],
      'bad_signature',
      'invalid_field',
      'idempotency_conflict',
    ],
  },
  'POST /telegram/:id': {
    tag: 'Inbound',
    summary: 'Where Telegram delivers updates',
    rules: 'relay:TG5',
    auth: 'telegramSecret',
    limits: ['inbound', 'inboundAuthFail'],
    body: { media: 'application/json', description: 'An Update of the Bot API.' },
    answers: { 200: { description: 'Taken.', body: 'EventAccepted' } },
    errors: ['unknown_channel', 'wrong_channel_type', ['channel_disabled', 403], 'invalid_json', 'invalid_body'],
  },
  'POST /discord/:id': {
    tag: 'Inbound',
    summary: 'Where Discord delivers interactions, and forwarders messages',
    rules: 'relay:DC6, DC7',
    auth: 'discordProof',
    limits: ['inbound', 'inboundAuthFail'],
    headers: { 'X-Signature-Timestamp': { type: 'string', description: 'Of a signed interaction; part of what is signed.' } },
    body: {
      media: 'application/json',
      description: 'An interaction; or, with the secret, a message at the top, in `message` or in `d`.',
    },
    answers: { 200: { description: 'Taken, or how Discord shall answer its user.', body: 'DiscordAnswer' } },
    errors: ['unknown_channel', 'wrong_channel_type', ['channel_disabled', 403], 'invalid_json', 'invalid_body'],
  },
  'POST /slack/:id': {
    tag: 'Inbound',
    summary: 'Where Slack posts the events of an app without Socket Mode',
    rules: 'relay:SL3, SL4',
    auth: 'slackSignature',
    limits: ['inbound', 'inboundAuthFail'],
    body: { media: 'application/json', description: 'An event of the Events API, or `url_verification`.' },
    answers: { 200: { description: 'Taken; or the challenge.', body: 'SlackAnswer' } },
    errors: [
      'unknown_channel',
      'wrong_channel_type',
      ['channel_disabled', 403],
      'invalid_json',
      'invalid_body',
      ['provider_unreachable', 503],
    ],
  },
  'POST /email/inbound': {
    tag: 'Inbound',
    summary: 'Where the mail provider delivers events',
    rules: 'relay:EML6, EML7',
    auth: 'eventSignature',
    limits: ['emailInbound', 'inboundAuthFail'],
    body: { media: 'application/json', description: 'An event of Resend; only `email.received` is taken.' },
    answers: { 200: { description: 'Taken, or not meant for anybody here.', body: 'EventAccepted' } },
    errors: [
      'invalid_json',
      'invalid_body',
      'missing_field',
      'invalid_field',
      'email_not_configured',
      ['provider_unreachable', 503],
    ],
  },
  'GET /email/verify': {
    tag: 'Pages',
    summary: 'The page a confirmation link opens; changes nothing',
    rules: 'relay:EML4',
    auth: 'open',
    query: LINK,
    answers: {
      200: { description: 'A page with a button, or word that it is done already.', body: PAGE },
      400: { description: 'The link is incomplete.', body: PAGE },
      404: { description: 'No such link.', body: PAGE },
      410: { description: 'The link is too old.', body: PAGE },
    },
  },
  'POST /email/verify': {
    tag: 'Pages',
    summary: 'The page’s button: the address is confirmed',
    rules: 'relay:EML5',
    auth: 'open',
    body: { media: 'application/x-www-form-urlencoded', description: '`token` and `channelId`.' },
    answers: {
      200: { description: 'Confirmed.', body: PAGE },
      400: { description: 'The form is incomplete.', body: PAGE },
      404: { description: 'No such link.', body: PAGE },
      410: { description: 'The link is too old.', body: PAGE },
    },
  },
}
