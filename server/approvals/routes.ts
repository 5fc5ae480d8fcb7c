import { APPROVAL_WAIT_MAX_MS } from '#protocol/limits.ts'
import { readLimit } from '../http/paging.ts'
import type { Answer, Guards, Route, SessionRequest } from '../http/route.ts'
import type { ChannelRecord } from '../store/records.ts'
import type { Approvals } from './approvals.ts'
import { readRequest, readUse, readWait } from './request.ts'

/** A body is its canonical JSON with some room for spaces and escapes. */
const MAX_BODY_BYTES = 512 * 1024
/** Approvals of one page at most: each may hold 64 KiB of arguments. */
const MAX_PAGE = 100

/** POST and GET /approvals, GET /approvals/:id, POST /approvals/:id/use. `ownChannel` throws channel_not_found. relay:APV1, APV2, APV4 */
export function approvalRoutes({
  guards,
  approvals,
  ownChannel,
}: {
  guards: Guards
  approvals: Approvals
  ownChannel: (userId: string, id: string) => ChannelRecord
}): Route[] {
  async function ask({ session: { userId }, body }: SessionRequest): Promise<Answer> {
    const wanted = readRequest(body)
    if (wanted.channelId !== undefined) ownChannel(userId, wanted.channelId)
    return { status: 202, json: await approvals.ask(userId, wanted) }
  }

  async function list({ session, query }: SessionRequest): Promise<Answer> {
    const before = query.get('before')
    const limit = Math.min(MAX_PAGE, readLimit(query))
    return { json: await approvals.list(session.userId, { limit, ...(before !== null && { before }) }) }
  }

  async function outcome({ session, params, query }: SessionRequest): Promise<Answer> {
    return { json: await approvals.outcome(session.userId, params.id ?? '', readWait(query, APPROVAL_WAIT_MAX_MS)) }
  }

  async function use({ session, params, body }: SessionRequest): Promise<Answer> {
    return { json: await approvals.use(session.userId, params.id ?? '', readUse(body)) }
  }

  return [
    { method: 'POST', path: '/approvals', maxBody: MAX_BODY_BYTES, handle: guards.bearer('approval', ask) },
    { method: 'GET', path: '/approvals', handle: guards.bearer('approvalWatch', list) },
    { method: 'GET', path: '/approvals/:id', handle: guards.bearer('approvalWatch', outcome) },
    { method: 'POST', path: '/approvals/:id/use', maxBody: MAX_BODY_BYTES, handle: guards.bearer('approvalWatch', use) },
  ]
}
