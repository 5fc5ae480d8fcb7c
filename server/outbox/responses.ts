import { RelayError } from '#protocol/errors.ts'
import type { ResponsesAnswer } from '#protocol/http.ts'
import type { Clock } from '../clock.ts'
import { fileAnswer } from '../http/download.ts'
import { nextSince, readLimit, readPosition } from '../http/paging.ts'
import type { Answer, RelayRequest } from '../http/route.ts'
import type { ReplyRecord, Store } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'
import { responseOf } from './files.ts'
import { fillPage } from './replyPage.ts'
import { toStoredResponse } from './status.ts'

/** GET /responses/:id and its files, once the caller is known to be allowed. relay:CH12 */
export function createResponses({ store, clock }: { store: Pick<Store, 'replies' | 'attachments'>; clock: Pick<Clock, 'now'> }) {
  return {
    /** relay:CUR3-CUR5, REP13 */
    async list({ query }: RelayRequest, channel: ChannelRecord | undefined): Promise<Answer> {
      const position = readPosition(query)
      const limit = readLimit(query)
      const now = clock.now()
      if (!channel) return { json: { responses: [], since: nextSince({ last: undefined, hasMore: false, now }), hasMore: false } }
      await store.replies.handOut(channel.id, now)
      const read = async (after: ReplyRecord | undefined, most: number) => {
        const from = after ? { since: after.createdAt } : position
        const { replies, hasMore } = await store.replies.listResponses(channel.id, from, most)
        return { entries: replies, hasMore }
      }
      const { entries, hasMore } = await fillPage(read, (reply) => reply, limit)
      const responses = entries.map(toStoredResponse)
      const since = nextSince({ last: responses.at(-1)?.timestamp, hasMore, now })
      return { json: { responses, since, hasMore } satisfies ResponsesAnswer }
    },
    /** relay:ATT4, ATT5 */
    async download({ params: { aid = '' } }: RelayRequest, channel: ChannelRecord | undefined): Promise<Answer> {
      const found = channel && (await store.attachments.read(responseOf(aid), aid))
      if (found?.channelId !== channel?.id || found?.userId !== channel?.userId || !found) {
        throw new RelayError('attachment_not_found', 'There is no such attachment in this channel.')
      }
      if (found.state === 'stored') return fileAnswer(found.file, found.bytes)
      throw new RelayError('attachment_gone', 'This attachment has expired and is no longer stored.')
    },
  }
}
