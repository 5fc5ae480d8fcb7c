import type { Operations } from '../operation.ts'
import { PAGING } from './messages.ts'

export const replies: Operations = {
  'POST /reply': {
    tag: 'Replies',
    summary: 'Answer through a channel',
    rules: 'relay:REP1-REP13, DUR3, TKO2',
    auth: 'bearer',
    limits: ['reply'],
    headers: {
      'Idempotency-Key': { type: 'string', description: '1 to 255 visible ASCII characters; a repeat gets the first answer.' },
    },
    body: 'ReplyRequest',
    answers: {
      200: {
        description: 'It is on disk. Its way to the platform is told by `reply_status` frames and GET /replies.',
        body: 'ReplyAccepted',
      },
    },
    errors: [
      'missing_field',
      'invalid_field',
      'channel_not_found',
      'channel_disabled',
      'not_paired',
      'not_verified',
      'no_target',
      'taken_over',
      'idempotency_conflict',
      'content_too_large',
      'attachment_too_large',
    ],
  },
  'GET /replies': {
    tag: 'Replies',
    summary: 'What all clients of the session have answered',
    rules: 'relay:HIS1',
    auth: 'bearer',
    query: {
      after: { type: 'integer', description: 'The `next` of the answer before.' },
      epoch: { type: 'string', description: 'The epoch `after` belongs to; with another the list begins anew.' },
      limit: PAGING.limit,
    },
    answers: {
      200: { description: 'A page, in the order they were accepted. Go on with `next` while `hasMore`.', body: 'History' },
    },
    errors: ['invalid_cursor', 'invalid_field'],
  },
  'GET /replies/:responseId': {
    tag: 'Replies',
    summary: 'What became of a reply',
    rules: 'relay:REP10',
    auth: 'bearer',
    answers: { 200: { description: 'Its state.', body: 'ReplyStatus' } },
    errors: ['not_found'],
  },
  'POST /typing': {
    tag: 'Replies',
    summary: 'Show that somebody is typing',
    rules: 'relay:TYP1, TKO2',
    auth: 'bearer',
    limits: ['typing'],
    body: 'TypingRequest',
    answers: { 200: { description: 'Shown where the platform can.', body: 'Ok' } },
    errors: ['missing_field', 'channel_not_found', 'taken_over'],
  },
  'GET /responses/:id': {
    tag: 'Replies',
    summary: 'The replies of a webhook channel, for whoever posts there',
    rules: 'relay:CH12',
    auth: 'responses',
    query: PAGING,
    answers: { 200: { description: 'A page; an unknown id looks like a channel without replies.', body: 'Responses' } },
    errors: ['invalid_cursor', 'invalid_field'],
  },
  'GET /responses/:id/attachments/:aid': {
    tag: 'Replies',
    summary: 'A file of a reply',
    rules: 'relay:CH12, ATT4, ATT5',
    auth: 'responses',
    answers: { 200: { description: 'The exact bytes, as a download.', body: { media: '*/*' } } },
    errors: ['attachment_not_found', 'attachment_gone'],
  },
}
