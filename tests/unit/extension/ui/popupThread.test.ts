import { describe, expect, it } from 'vitest'
import type { InboxMessage, Reply } from '../../../../lib/inbox/model.ts'
import type { ThreadItem } from '../../../../lib/inbox/thread.ts'
import { append, prepend, refresh, renew } from '../../../../lib/inbox/ui/threadPages.ts'
import { newsIn, threadRows } from '../../../../lib/inbox/ui/threadRows.ts'

const DAY = 86_400_000
const NOON = new Date(2025, 11, 1, 12).getTime()

function message(n: number, over: Partial<InboxMessage> = {}): ThreadItem {
  const base: InboxMessage = {
    profileId: 'p',
    id: String(n),
    seq: n,
    epoch: 'e',
    conversationId: 'c',
    channelId: 'c',
    channelType: 'telegram',
    from: 'Ada',
    content: `text ${n}`,
    at: NOON + n,
    attachments: [],
    metadata: {},
    read: 1,
    storedAt: 0,
  }
  return { kind: 'message', message: { ...base, ...over } }
}

function reply(n: number, state: 'sending' | 'sent' = 'sent'): ThreadItem {
  const base: Reply = {
    clientId: String(n),
    profileId: 'p',
    conversationId: 'c',
    channelId: 'c',
    channelType: 'telegram',
    content: 'ours',
    metadata: {},
    attachments: [],
    createdAt: NOON + n,
    updatedAt: 0,
    state,
  }
  return { kind: 'reply', reply: base }
}

const kinds = (items: ThreadItem[], more = false) => threadRows({ items, more }, undefined).map((row) => row.kind)
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => message(from + index))
const ids = (items: ThreadItem[]) => items.map((item) => (item.kind === 'message' ? Number(item.message.id) : item.reply.clientId))

describe('rows of a conversation', () => {
  it('client:INB1 a day stands above its first item', () => {
    expect(kinds([message(0, { at: NOON - DAY }), message(1), reply(2)])).toEqual(['day', 'message', 'day', 'message', 'reply'])
  })

  it('the first day is unsaid while older messages may belong to it', () => {
    expect(kinds([message(1), message(2)], true)).toEqual(['message', 'message'])
  })

  it('rows keep their keys when an older page comes before them, so that the view can hold on to them', () => {
    const newer = range(10, 20)
    const before = threadRows({ items: newer, more: true }, undefined).map(({ key }) => key)
    const after = threadRows({ items: [...range(0, 10), ...newer], more: true }, undefined).map(({ key }) => key)
    expect(after).toEqual(expect.arrayContaining(before))
  })

  it('one line stands above everything that was unread at the start, and nowhere when nothing was', () => {
    const items = [message(1), message(2, { read: 0 }), message(3, { read: 0 })]
    const rows = threadRows({ items, more: false }, newsIn(items))
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'message', 'new', 'message', 'message'])
    expect(rows[2]).toMatchObject({ count: 2 })
    expect(newsIn([message(1)])).toBeUndefined()
  })

  it('speakers are named once per run in groups, never between two', () => {
    const speakers = (items: ThreadItem[]) =>
      threadRows({ items, more: false }, undefined).flatMap((row) => (row.kind === 'message' ? [row.speaker] : []))
    expect(speakers([message(1), message(2)])).toEqual([undefined, undefined])
    const group = [message(1), message(2), message(3, { from: 'Jun' }), reply(4), message(5, { from: 'Jun' })]
    expect(speakers(group)).toEqual(['Ada', undefined, 'Jun', 'Jun'])
    expect(speakers([message(1, { metadata: { chatType: 'group' } })])).toEqual(['Ada'])
  })
})

describe('pages of a conversation', () => {
  it('an older page comes before, without what is already there', () => {
    const pages = prepend({ items: range(5, 8), more: true, later: false }, { items: range(2, 6), more: false })
    expect(ids(pages.items)).toEqual([2, 3, 4, 5, 6, 7])
    expect(pages.more).toBe(false)
  })

  it('a newly read end keeps the older items and takes over what changed', () => {
    const old = { items: [...range(0, 10), reply(10, 'sending')], more: true, later: false }
    const pages = refresh(old, { items: [...range(6, 10), reply(10), message(11)], more: true })
    expect(ids(pages.items)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, '10', 11])
    expect(pages.items[10]).toMatchObject({ reply: { state: 'sent' } })
  })

  it('what was removed is gone, also when everything fits one page', () => {
    expect(ids(refresh({ items: range(0, 4), more: false, later: false }, { items: range(0, 3), more: false }).items)).toEqual([
      0, 1, 2,
    ])
    expect(
      ids(refresh({ items: range(0, 9), more: true, later: false }, { items: [message(5), message(8)], more: true }).items),
    ).toEqual([0, 1, 2, 3, 4, 5, 8])
  })

  it('an end that does not meet the old one replaces it: a hole would not be seen', () => {
    expect(ids(refresh({ items: range(0, 10), more: false, later: false }, { items: range(50, 60), more: true }).items)).toEqual(
      ids(range(50, 60)),
    )
  })

  it('client:INB3 a part in the middle grows at both ends and knows what it does not show', () => {
    const middle = { items: range(50, 60), more: true, later: true }
    const older = prepend(middle, { items: range(40, 50), more: true })
    expect(older.later).toBe(true)
    const whole = append(older, { items: range(58, 70), more: false })
    expect(ids(whole.items)).toEqual(ids(range(40, 70)))
    expect(whole).toMatchObject({ more: true, later: false })
  })

  it('a part read anew takes over what changed or went, and keeps what was loaded beyond it meanwhile', () => {
    const shown = { items: range(50, 60), more: true, later: true }
    const from = { at: NOON + 50, seq: 49 }
    const without = range(50, 60).filter((_item, index) => index !== 3)
    expect(ids(renew(shown, from, { items: without, more: true }).items)).toEqual(ids(without))
    const grown = { ...append(shown, { items: range(60, 65), more: false }) }
    const renewed = renew(grown, from, { items: without, more: true })
    expect(ids(renewed.items)).toEqual([...ids(without), ...ids(range(60, 65))])
    expect(renewed.later).toBe(false)
    const deeper = prepend(shown, { items: range(45, 50), more: true })
    expect(ids(renew(deeper, from, { items: range(50, 60), more: true }).items)).toEqual(ids(range(45, 60)))
  })
})
