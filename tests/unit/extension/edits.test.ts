import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import { earlierOf, isEdit, newestOf } from '../../../lib/inbox/edits.ts'
import { readAround, readThread, type ThreadItem } from '../../../lib/inbox/thread.ts'
import type { ChannelMessage } from '../../../lib/protocol/message.ts'
import { databaseWithProfile } from './support/database.ts'
import { receive } from './support/inbox.ts'
import { message } from './support/modelRelay.ts'

const PROFILE = 'default'
const IN = 'c:x'
let db: Database
beforeEach(async () => {
  db = await databaseWithProfile('http://127.0.0.1')
})

const said = (seq: number, messageId: string, more: Partial<ChannelMessage> = {}) =>
  message(seq, { metadata: { chatId: 'x', messageId }, ...more })
const edited = (seq: number, messageId: string, more: Partial<ChannelMessage> = {}) =>
  message(seq, { ...more, metadata: { chatId: 'x', messageId, edited: true, ...more.metadata } })
const file = (id: string) => ({ id, filename: `${id}.pdf`, mimeType: 'application/pdf', size: 1, kind: 'file' as const })

/** Each item as `id: newest words < earlier words`. */
function shown(items: readonly ThreadItem[]): string[] {
  return items.flatMap((item) => {
    if (item.kind !== 'message') return []
    const words = [newestOf(item.message, item.edits), ...earlierOf(item.message, item.edits).reverse()].map(
      ({ content }) => content,
    )
    return [`${item.message.id}: ${words.join(' < ')}`]
  })
}
const thread = async (limit = 50) => (await readThread(db, PROFILE, IN, { limit })).items

describe('edits', () => {
  it('client:EDT1, EDT2 stand where the message stands that they edit, with its newest words first', async () => {
    await receive(db, [said(1, '10'), said(2, '11'), edited(3, '10'), said(4, '12'), edited(5, '10'), edited(6, '12')])
    expect(shown(await thread())).toEqual(['m1: message 5 < message 3 < message 1', 'm2: message 2', 'm4: message 6 < message 4'])
    // Each came, and was told of, on its own.
    expect(await db.get('conversations', [PROFILE, IN])).toMatchObject({ unread: 6, lastPreview: 'message 6' })
  })

  it('client:EDT1 keep the files there were, or bring others', async () => {
    await receive(db, [said(1, '10', { attachments: [file('a')] }), edited(2, '10')])
    const [first] = await thread()
    if (first?.kind !== 'message') throw new Error('no message')
    // Files are asked for by the message that brought them.
    expect(newestOf(first.message, first.edits)).toMatchObject({ id: 'm1', content: 'message 2', attachments: [{ id: 'a' }] })
    await receive(db, [edited(3, '10', { attachments: [file('b')] })])
    const [again] = await thread()
    if (again?.kind !== 'message') throw new Error('no message')
    expect(newestOf(again.message, again.edits)).toMatchObject({ id: 'm3', content: 'message 3', attachments: [{ id: 'b' }] })
  })

  it('client:EDT1, CDD12 a page of nothing but edits is no end of the conversation, in either direction', async () => {
    const many = Array.from({ length: 60 }, (_, index) => edited(index + 3, '10'))
    await receive(db, [said(1, '10'), said(2, '11'), ...many, said(63, '12')])
    const newest = await readThread(db, PROFILE, IN, { limit: 20 })
    expect(newest).toMatchObject({ more: true })
    expect(shown(newest.items)).toEqual(['m63: message 63'])
    const [first] = newest.items
    if (first?.kind !== 'message') throw new Error('no message')
    const older = await readThread(db, PROFILE, IN, { limit: 20, before: { at: first.message.at, seq: 63 } })
    expect(older.items.map((item) => item.kind === 'message' && item.message.id)).toEqual(['m1', 'm2'])
    const after = await readThread(db, PROFILE, IN, { limit: 20, after: { at: first.message.at - 61_000, seq: 2 } })
    expect(shown(after.items)).toEqual(['m63: message 63'])
  })

  it('client:EDT3 an edit alone stands for its message, and the next joins it', async () => {
    await receive(db, [edited(1, '10'), said(2, '11'), edited(3, '10')])
    const items = await thread()
    expect(shown(items)).toEqual(['m1: message 3 < message 1', 'm2: message 2'])
    expect(items[0]?.kind === 'message' && isEdit(items[0].message)).toBe(true)
  })

  it('client:EDT3 a button, another conversation, mail and webhooks edit nothing', async () => {
    await receive(db, [
      said(1, '10'),
      edited(2, '10', { metadata: { callbackQueryId: '5' } }),
      edited(3, '10', { metadata: { chatId: 'y' } }),
      message(4, { channelType: 'webhook', channelId: 'w', metadata: { messageId: '10' } }),
      message(5, { channelType: 'webhook', channelId: 'w', metadata: { messageId: '10', edited: true } }),
    ])
    expect(shown(await thread())).toEqual(['m1: message 1', 'm2: message 2'])
    const { items } = await readThread(db, PROFILE, 'w', { limit: 50 })
    expect(shown(items)).toEqual(['m4: message 4', 'm5: message 5'])
    expect(items.some((item) => item.kind === 'message' && isEdit(item.message))).toBe(false)
  })

  it('client:EDT3 Slack names its messages by their time', async () => {
    const inSlack = (seq: number, more: object) =>
      message(seq, { channelType: 'slack', metadata: { slackChannelId: 'C1', messageTs: '17.5', ...more } })
    await receive(db, [inSlack(1, {}), inSlack(2, { edited: true })])
    const [conversation] = await db.getAll('conversations')
    const { items } = await readThread(db, PROFILE, conversation?.id ?? '', { limit: 50 })
    expect(shown(items)).toEqual(['m1: message 2 < message 1'])
  })

  it('client:EDT4 who asks for an edit, or for what was edited, is led to where it stands', async () => {
    await receive(db, [said(1, '10'), said(2, '11'), edited(3, '10'), said(4, '12')])
    for (const messageId of ['m1', 'm3']) {
      const around = await readAround(db, PROFILE, IN, { messageId }, 1)
      expect(around?.goal).toEqual({ messageId: 'm1' })
      expect(shown(around?.items ?? [])).toEqual(['m1: message 3 < message 1', 'm2: message 2'])
    }
  })
})
