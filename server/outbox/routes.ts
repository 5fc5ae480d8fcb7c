import { createHash } from 'node:crypto'
import { RelayError } from '#protocol/errors.ts'
import { MAX_REPLY_BODY_BYTES } from '#protocol/limits.ts'
import type { ChannelAdapter, ChannelHost } from '../channels/port.ts'
import type { Clock } from '../clock.ts'
import { jsonObject } from '../http/json.ts'
import type { Answer, Guards, Route, SessionRequest } from '../http/route.ts'
import type { Store } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'
import type { Replies } from './accept.ts'
import { createHistory } from './history.ts'
import { createResponseAccess } from './responseAccess.ts'
import { createResponses } from './responses.ts'
import { toStatus } from './status.ts'
import { createTyping } from './typing.ts'

/** 1-255 visible ASCII characters. relay:DUR3 */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/

type Parts = {
  /** `knownToken`, where there is one, keeps strangers from making the relay read 22 MiB. */
  guards: Guards & { knownToken?: NonNullable<Route['before']> }
  replies: Replies
  store: Pick<Store, 'inbox' | 'replies' | 'attachments'>
  host: Pick<ChannelHost, 'channel' | 'unseal'>
  adapters: (type: ChannelRecord['type']) => ChannelAdapter | undefined
  clock: Clock
  config: { responsesPublic: boolean }
}

/** POST /reply, GET /replies, GET /replies/:responseId, POST /typing, GET /responses/:id, GET /responses/:id/attachments/:aid. */
export function replyRoutes({ guards, replies, store, host, adapters, clock, config }: Parts): Route[] {
  const allowed = createResponseAccess({ guards, host, now: clock.now, openToAll: config.responsesPublic })
  const responses = createResponses({ store, clock })
  const typing = createTyping({ host, adapters, inbox: store.inbox, clock })

  async function reply({ session, body, headers }: SessionRequest): Promise<Answer> {
    const key = headers['idempotency-key']
    return { json: await replies.accept(session, jsonObject(body), key === undefined ? undefined : idempotency(String(key), body)) }
  }

  async function status({ session, params }: SessionRequest): Promise<Answer> {
    const found = await store.replies.byId(session.userId, params.responseId ?? '')
    if (!found) throw new RelayError('not_found', 'This session has no such reply.')
    return { json: toStatus(found) }
  }

  return [
    {
      method: 'POST',
      path: '/reply',
      maxBody: MAX_REPLY_BODY_BYTES,
      ...(guards.knownToken && { before: guards.knownToken }),
      handle: guards.bearer('reply', reply),
    },
    { method: 'GET', path: '/replies', handle: guards.bearer(undefined, createHistory(store)) },
    { method: 'GET', path: '/replies/:responseId', handle: guards.bearer(undefined, status) },
    { method: 'POST', path: '/typing', handle: guards.bearer('typing', typing) },
    { method: 'GET', path: '/responses/:id', handle: allowed(responses.list) },
    { method: 'GET', path: '/responses/:id/attachments/:aid', handle: allowed(responses.download) },
  ]
}

/** The key with the hash of the exact body it came with. relay:DUR3 */
function idempotency(key: string, body: Buffer): { key: string; bodyHash: string } {
  if (!IDEMPOTENCY_KEY.test(key))
    throw new RelayError('invalid_field', 'Idempotency-Key must have 1 to 255 visible ASCII characters.')
  return { key, bodyHash: createHash('sha256').update(body).digest('hex') }
}
