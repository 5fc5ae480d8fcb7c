import type { Operations } from '../operation.ts'

export const session: Operations = {
  'GET /health': {
    tag: 'Relay',
    summary: 'Is the relay well, and what can it do',
    rules: 'relay:HLT1, HLT2',
    auth: 'open',
    limits: ['deepHealth'],
    query: { deep: { type: 'integer', enum: [1], description: '1 also writes and reads a row of the store.' } },
    answers: {
      200: { description: 'It is well.', body: 'Health' },
      503: { description: 'With `deep=1`: the store did not take a write.', body: 'Health' },
    },
  },
  'GET /metrics': {
    tag: 'Relay',
    summary: 'What the relay has done and how it is, for Prometheus',
    rules: 'relay:MET1, MET2',
    auth: 'operator',
    limits: ['adminLogin'],
    answers: {
      200: { description: 'The Prometheus text format, 0.0.4.', body: { media: 'text/plain; version=0.0.4; charset=utf-8' } },
    },
  },
  'POST /auth/register': {
    tag: 'Session',
    summary: 'Make a session, or find the one of a key again',
    rules: 'relay:REG1-REG9',
    auth: 'open',
    limits: ['register'],
    body: 'RegisterRequest',
    optionalBody: true,
    answers: {
      200: { description: 'The session. `serverPublicKey` is what answers and sockets are signed with.', body: 'Registered' },
    },
    errors: ['invalid_field', 'invalid_key', 'signature_required', 'clock_skew', 'bad_signature', 'replayed_nonce'],
  },
  'POST /ws/ticket': {
    tag: 'Session',
    summary: 'A single-use ticket to open a socket with',
    rules: 'relay:WS3',
    auth: 'bearer',
    limits: ['wsTicket'],
    answers: { 200: { description: 'To be offered as the subprotocol `ticket.<value>` beside `chaos.v2`.', body: 'Ticket' } },
  },
  'GET /session': {
    tag: 'Session',
    summary: 'Since when the session is there, its apiKeys and its open sockets',
    rules: 'relay:SES1, SES2',
    auth: 'bearer',
    answers: { 200: { description: 'Of the own session alone; no apiKey and no key is in it.', body: 'Session' } },
  },
  'DELETE /session': {
    tag: 'Session',
    summary: 'Delete the session and everything it has on the relay',
    rules: 'relay:STO6',
    auth: 'bearer',
    answers: { 200: { description: 'All of it is gone.', body: 'Ok' } },
  },
}
