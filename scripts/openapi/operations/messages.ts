import type { Operations, Parameter } from '../operation.ts'

/** relay:CUR3, CUR4 */
export const PAGING = {
  since: { type: 'string', description: 'Only later than this date; the `since` of the answer before.' },
  after: { type: 'integer', description: 'Only above this seq; wins over `since`.' },
  limit: { type: 'integer', description: '1 to 500, 100 unless given.' },
} satisfies Record<string, Parameter>

export const messages: Operations = {
  'GET /messages': {
    tag: 'Messages',
    summary: 'Messages after a cursor, oldest first',
    rules: 'relay:CUR1-CUR11',
    auth: 'bearer',
    limits: ['poll'],
    query: { ...PAGING, epoch: { type: 'string', description: 'The epoch the cursor belongs to; then losses are told.' } },
    answers: { 200: { description: 'A page. Go on with `nextAfter` (or `since`) while `hasMore`.', body: 'Messages' } },
    errors: ['invalid_cursor', 'invalid_field'],
  },
  'DELETE /messages/:messageId': {
    tag: 'Messages',
    summary: 'Delete a message and its files',
    rules: 'relay:STO6',
    auth: 'bearer',
    answers: { 200: { description: 'It is gone.', body: 'Ok' } },
    errors: ['not_found'],
  },
  'GET /messages/:mid/attachments/:aid': {
    tag: 'Messages',
    summary: 'The bytes of a file',
    rules: 'relay:ATT4-ATT6',
    auth: 'signed',
    answers: { 200: { description: 'The exact bytes, as a download.', body: { media: '*/*' } } },
    errors: ['attachment_not_found', 'attachment_gone', 'attachment_pending'],
  },
}
