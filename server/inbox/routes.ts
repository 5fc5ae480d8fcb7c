import { RelayError } from '#protocol/errors.ts'
import type { MessagesAnswer } from '#protocol/http.ts'
import type { Clock } from '../clock.ts'
import { fileAnswer } from '../http/download.ts'
import { nextSince, type Position, readLimit, readPosition } from '../http/paging.ts'
import type { Answer, Guards, Route, SessionRequest } from '../http/route.ts'
import type { InboxState, Store } from '../store/port.ts'
import { missedSince, startOf } from '../ws/cursor.ts'
import type { FileFetcher } from './fetcher.ts'
import { readPage } from './page.ts'

/** Seconds after which a client asks again for a file that is being fetched. */
const PENDING_RETRY_S = 2

/** GET /messages, DELETE /messages/:messageId, GET /messages/:mid/attachments/:aid. */
export function inboxRoutes({
  guards,
  store,
  fetcher,
  clock,
}: {
  guards: Guards
  store: Pick<Store, 'inbox' | 'attachments'>
  fetcher: Pick<FileFetcher, 'wanted'>
  clock: Pick<Clock, 'now'>
}): Route[] {
  const { inbox, attachments } = store

  /** relay:CUR3-CUR6, CUR8 */
  async function list({ query, session: { userId } }: SessionRequest): Promise<Answer> {
    const position = readPosition(query)
    const limit = readLimit(query)
    const epoch = query.get('epoch') || undefined
    const now = clock.now()
    await inbox.handOut(userId, now)
    const state = await inbox.state(userId)
    const { start, recovered, dropped } = await startingAt(userId, state, position, epoch)
    const { messages, hasMore } = await readPage(inbox, userId, start, limit)
    const last = messages.at(-1)
    const head = Math.max(state.head, last?.seq ?? 0)
    return {
      json: {
        messages,
        since: nextSince({ last: last?.timestamp, hasMore, now }),
        hasMore,
        nextAfter: last?.seq ?? head,
        head,
        epoch: state.epoch,
        recovered,
        dropped,
      } satisfies MessagesAnswer,
    }
  }

  async function startingAt(userId: string, state: InboxState, position: Position, epoch: string | undefined) {
    if ('since' in position) return { start: position, ...(await missedSince(inbox, userId, state, { ...position, epoch })) }
    const { from, ...missed } = await startOf(inbox, userId, state, { ...position, epoch })
    return { start: { after: from }, ...missed }
  }

  /** relay:STO6 */
  async function remove({ params, session: { userId } }: SessionRequest): Promise<Answer> {
    if (!(await inbox.remove(userId, params.messageId ?? '')))
      throw new RelayError('not_found', 'There is no such message in this session.')
    return { json: { ok: true } }
  }

  /** relay:ATT4-ATT6 */
  async function download({ params: { mid = '', aid = '' }, session: { userId } }: SessionRequest): Promise<Answer> {
    const found = await attachments.read(mid, aid)
    if (!found || found.userId !== userId)
      throw new RelayError('attachment_not_found', 'There is no such attachment in this session.')
    if (found.state === 'gone') throw new RelayError('attachment_gone', 'This attachment has expired and is no longer stored.')
    if (found.state === 'stored') return fileAnswer(found.file, found.bytes)
    fetcher.wanted(mid, aid)
    throw new RelayError('attachment_pending', 'This attachment is still being fetched from its platform. Try again in a moment.', {
      retryAfter: PENDING_RETRY_S,
    })
  }

  return [
    { method: 'GET', path: '/messages', handle: guards.bearer('poll', list) },
    { method: 'DELETE', path: '/messages/:messageId', handle: guards.bearer(undefined, remove) },
    { method: 'GET', path: '/messages/:mid/attachments/:aid', handle: guards.signed(undefined, download) },
  ]
}
