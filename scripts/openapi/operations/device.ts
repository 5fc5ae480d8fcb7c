import type { Operations } from '../operation.ts'
import { channels } from './channels.ts'

const PAGE = { media: 'text/html; charset=utf-8' }
const ETAG = { 'If-None-Match': { type: 'string', description: 'The ETag of an earlier answer.' } } as const
const MIRRORS = 'As the route without /app, for the session whose link was opened; answers hold no addresses and no codes'

/** A route below /app that does what the one without does. */
function mirrored(route: string): Operations {
  const [method = '', path = ''] = route.split(' ')
  const operation = channels[route]
  if (!operation) throw new Error(`${route} is not described in scripts/openapi/operations/channels.ts.`)
  const foreign = method === 'GET' ? [] : (['bad_origin'] as const)
  return {
    [`${method} /app${path}`]: {
      ...operation,
      tag: 'Pages',
      summary: `${operation.summary}. ${MIRRORS}`,
      rules: `relay:DEV2; ${operation.rules}`,
      auth: 'deviceCookie',
      errors: [...(operation.errors ?? []), ...foreign],
    },
  }
}

export const device: Operations = {
  'POST /app/device-link': {
    tag: 'Session',
    summary: 'A link that opens the session’s channels in another browser',
    rules: 'relay:DEV1',
    auth: 'signed',
    answers: {
      200: { description: 'Works once, for `expiresInSeconds`; the token stands in the fragment of `url`.', body: 'DeviceLink' },
    },
  },
  'GET /app': {
    tag: 'Pages',
    summary: 'The device page: channels to look after, or how to open it',
    rules: 'relay:DEV1, DEV2',
    auth: 'open',
    headers: ETAG,
    answers: {
      200: { description: 'The page.', body: PAGE },
      304: { description: 'The page of If-None-Match is what it still shows.' },
    },
  },
  'POST /app/session': {
    tag: 'Pages',
    summary: 'Change a link’s token for the cookie',
    rules: 'relay:DEV1, ADM4',
    auth: 'open',
    body: 'DeviceSessionRequest',
    answers: { 200: { description: 'Open, with the cookie.', body: 'DeviceSession' } },
    errors: ['missing_field', 'invalid_field', 'link_invalid', 'link_expired', 'bad_origin'],
  },
  'POST /app/logout': {
    tag: 'Pages',
    summary: 'End the cookie',
    rules: 'relay:DEV2, ADM4',
    auth: 'open',
    answers: { 200: { description: 'Ended.', body: 'Ok' } },
    errors: ['bad_origin'],
  },
  'GET /app/assets/:file': {
    tag: 'Pages',
    summary: 'Style sheets, scripts and the icon of the pages',
    rules: 'relay:DEV1',
    auth: 'open',
    headers: ETAG,
    answers: {
      200: { description: 'The file.', body: { media: '*/*' } },
      304: { description: 'The file of If-None-Match is current.' },
    },
    errors: ['not_found'],
  },
  ...mirrored('GET /channels'),
  ...mirrored('PATCH /channels/:id'),
  ...mirrored('DELETE /channels/:id'),
  ...mirrored('POST /channels/:id/pairing'),
  ...mirrored('POST /channels/:id/verification'),
}
