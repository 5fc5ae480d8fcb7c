import type { MessagesAnswer } from '../../../../lib/protocol/http.ts'
import type { ChannelMessage } from '../../../../lib/protocol/message.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')

export function message(seq: number, more: Partial<ChannelMessage> = {}): ChannelMessage {
  return {
    id: `m${seq}`,
    seq,
    userId: 'u',
    channelType: 'telegram',
    channelId: 'c',
    from: 'Ada',
    content: `message ${seq}`,
    timestamp: new Date(START + seq * 1000).toISOString(),
    metadata: { chatId: String(seq % 3) },
    ...more,
  }
}

/** What the relay keeps of one session, by the rules CUR1-CUR9 and WS8-WS9. */
export function createModelRelay() {
  let epoch = 'e1'
  let epochs = 1
  let head = 0
  let made = 0
  let stored: ChannelMessage[] = []

  return {
    get epoch() {
      return epoch
    },
    get head() {
      return head
    },
    get made() {
      return made
    },
    stored: () => stored,
    append(): ChannelMessage {
      head++
      made++
      const one = message(head, { id: `id${made}`, timestamp: new Date(START + made * 1000).toISOString() })
      stored.push(one)
      return one
    },
    /** Retention: the oldest go. relay:CUR7 */
    dropOldest(count: number): void {
      stored = stored.slice(count)
    },
    /** The owner deleted one. relay:STO6 */
    remove(index: number): void {
      stored.splice(index % Math.max(1, stored.length), 1)
    },
    /** A restored backup: everything is there still, under a new epoch. relay:CLI2 */
    renewEpoch(): void {
      epochs++
      epoch = `e${epochs}`
    },
    /** A crash that lost what was written last, without anybody noticing. relay:STO1 */
    loseTail(count: number): void {
      stored = stored.slice(0, Math.max(0, stored.length - count))
      head = stored.at(-1)?.seq ?? 0
    },
    after: (cursor: number) => stored.filter(({ seq }) => seq > cursor),
    page(after: number, wanted: string | undefined, limit: number): MessagesAnswer {
      const foreign = wanted !== undefined && (wanted !== epoch || after > head)
      const waiting = stored.filter(({ seq }) => seq > (foreign ? 0 : after))
      const messages = waiting.slice(0, limit)
      const dropped = head - after - waiting.length
      return {
        messages,
        since: new Date(START).toISOString(),
        hasMore: waiting.length > messages.length,
        nextAfter: messages.at(-1)?.seq ?? head,
        head,
        epoch,
        recovered: !foreign && dropped <= 0,
        dropped: Math.max(0, dropped),
      }
    },
  }
}
export type ModelRelay = ReturnType<typeof createModelRelay>
