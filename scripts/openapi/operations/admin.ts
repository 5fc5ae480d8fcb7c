import type { Operations } from '../operation.ts'

const PAGE = { media: 'text/html; charset=utf-8' }
const NOT_CONFIGURED = ['admin_not_configured'] as const
/** Signed-in pages send strangers to the login page instead of refusing them. */
const PAGE_ANSWERS = {
  200: { description: 'The page.', body: PAGE },
  302: { description: 'Not signed in: to /admin/login.' },
  304: { description: 'The page of If-None-Match is what it still shows.' },
} as const
const ETAG = { 'If-None-Match': { type: 'string', description: 'The ETag of an earlier answer.' } } as const

export const admin: Operations = {
  'GET /admin/login': {
    tag: 'Operator',
    summary: 'The page that asks for the password',
    rules: 'relay:ADM1, ADM5',
    auth: 'open',
    answers: { 200: { description: 'The page.', body: PAGE }, 302: { description: 'Signed in already: to /admin.' } },
    errors: NOT_CONFIGURED,
  },
  'POST /admin/login': {
    tag: 'Operator',
    summary: 'Sign in: `password` as a form or as JSON',
    rules: 'relay:ADM2-ADM4',
    auth: 'open',
    limits: ['adminLogin'],
    body: 'AdminLogin',
    answers: {
      200: { description: 'JSON: signed in, with the cookie.', body: 'Ok' },
      303: { description: 'Form: signed in, with the cookie; to /admin.' },
      401: { description: 'Form: the page again, with what was wrong.', body: PAGE },
      429: { description: 'Form of a browser: the page again, with how long to wait.', body: PAGE },
    },
    errors: [...NOT_CONFIGURED, 'missing_field', 'invalid_field', 'invalid_token', 'bad_origin'],
  },
  'POST /admin/logout': {
    tag: 'Operator',
    summary: 'Sign out',
    rules: 'relay:ADM4, ADM5',
    auth: 'open',
    answers: { 302: { description: 'Signed out; to /admin/login.' } },
    errors: [...NOT_CONFIGURED, 'bad_origin'],
  },
  'GET /admin': {
    tag: 'Operator',
    summary: 'The dashboard',
    rules: 'relay:ADM1, ADM5, ADM9',
    auth: 'open',
    query: {
      before: { type: 'integer', description: 'Older sessions: from a link of the page.' },
      deleted: { type: 'string', description: 'A session that was just deleted, to be named.' },
    },
    headers: ETAG,
    answers: PAGE_ANSWERS,
    errors: NOT_CONFIGURED,
  },
  'GET /admin/status': {
    tag: 'Operator',
    summary: 'What goes on in the relay',
    rules: 'relay:ADM5, ADM6, ADM9',
    auth: 'adminCookie',
    answers: { 200: { description: 'All sessions with their channels, and the 30 newest messages.', body: 'AdminStatus' } },
  },
  'GET /admin/sessions/:userId': {
    tag: 'Operator',
    summary: 'A session’s page',
    rules: 'relay:ADM5, ADM7, ADM9',
    auth: 'open',
    query: { cursor: { type: 'integer', description: 'Older messages: from a link of the page.' } },
    headers: ETAG,
    answers: { ...PAGE_ANSWERS, 404: { description: 'No such session.', body: PAGE } },
    errors: NOT_CONFIGURED,
  },
  'GET /admin/sessions/:userId/delete': {
    tag: 'Operator',
    summary: 'The question before a session is deleted; changes nothing',
    rules: 'relay:ADM5, ADM8',
    auth: 'open',
    headers: ETAG,
    answers: { ...PAGE_ANSWERS, 404: { description: 'No such session.', body: PAGE } },
    errors: NOT_CONFIGURED,
  },
  'POST /admin/sessions/:userId/delete': {
    tag: 'Operator',
    summary: 'The question’s button: the session is deleted',
    rules: 'relay:ADM4, ADM8',
    auth: 'open',
    answers: {
      302: { description: 'Not signed in: to /admin/login.' },
      303: { description: 'Deleted; to /admin.' },
      404: { description: 'No such session.', body: PAGE },
    },
    errors: [...NOT_CONFIGURED, 'bad_origin'],
  },
  'GET /admin/sessions/:userId/messages': {
    tag: 'Operator',
    summary: 'A session’s messages, newest first',
    rules: 'relay:ADM7',
    auth: 'adminCookie',
    query: {
      limit: { type: 'integer', description: '1 to 200, by default 50.' },
      cursor: { type: 'string', description: 'The `cursor` of the answer before.' },
    },
    answers: { 200: { description: 'A page.', body: 'AdminMessages' } },
    errors: ['invalid_field', 'invalid_cursor', 'not_found'],
  },
  'DELETE /admin/sessions/:userId': {
    tag: 'Operator',
    summary: 'Delete a session with all it has',
    rules: 'relay:ADM4, ADM8',
    auth: 'adminCookie',
    answers: { 200: { description: 'It is gone.', body: 'SessionDeleted' } },
    errors: ['not_found', 'bad_origin'],
  },
  'GET /admin/assets/:file': {
    tag: 'Pages',
    summary: 'Style sheets, scripts and the icon of the pages',
    rules: 'relay:ADM1',
    auth: 'open',
    headers: ETAG,
    answers: {
      200: { description: 'The file.', body: { media: '*/*' } },
      304: { description: 'The file of If-None-Match is current.' },
    },
    errors: [...NOT_CONFIGURED, 'not_found'],
  },
}
