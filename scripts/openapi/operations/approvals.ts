import type { Operations } from '../operation.ts'

export const approvals: Operations = {
  'POST /approvals': {
    tag: 'Approvals',
    summary: 'Ask whether an action may run with these arguments',
    rules: 'relay:APV1',
    auth: 'bearer',
    limits: ['approval'],
    body: 'ApprovalRequest',
    answers: {
      202: {
        description: 'It is on disk and shown to the clients. Without a connected client it is denied already.',
        body: 'ApprovalCreated',
      },
    },
    errors: ['missing_field', 'invalid_field', 'channel_not_found', 'too_many_approvals', 'content_too_large'],
  },
  'GET /approvals': {
    tag: 'Approvals',
    summary: 'Those of the last 30 days, newest first',
    rules: 'relay:APV2',
    auth: 'bearer',
    limits: ['approvalWatch'],
    query: {
      limit: { type: 'integer', description: 'At most so many, 1 to 100; 100 when left out.' },
      before: { type: 'string', description: 'The id after which the page begins: the last one of the page before.' },
    },
    answers: { 200: { description: 'A page.', body: 'Approvals' } },
    errors: ['invalid_field'],
  },
  'GET /approvals/:id': {
    tag: 'Approvals',
    summary: 'What was decided, waiting for it if wanted',
    rules: 'relay:APV2',
    auth: 'bearer',
    limits: ['approvalWatch'],
    query: {
      waitMs: {
        type: 'integer',
        description: 'While it is pending, answer only at the decision or after so many milliseconds, at most 30000.',
      },
    },
    answers: { 200: { description: 'The state; anything but `allowed` is a no.', body: 'ApprovalOutcome' } },
    errors: ['invalid_field', 'not_found'],
  },
  'POST /approvals/:id/use': {
    tag: 'Approvals',
    summary: 'Spend an approval, just before the action runs',
    rules: 'relay:APV4',
    auth: 'bearer',
    limits: ['approvalWatch'],
    body: 'ApprovalUse',
    answers: { 200: { description: 'The action may run now, once.', body: 'ApprovalOutcome' } },
    errors: [
      'missing_field',
      'invalid_field',
      'not_found',
      'content_too_large',
      'approval_denied',
      'approval_mismatch',
      'approval_pending',
      'approval_used',
      'approval_expired',
    ],
  },
}
