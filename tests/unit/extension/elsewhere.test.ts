import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import { createElsewhere, type Elsewhere } from '../../../lib/inbox/elsewhere.ts'
import type { Place } from '../../../lib/inbox/elsewhereStore.ts'
import { listConversations } from '../../../lib/inbox/queries.ts'
import { applyStatus } from '../../../lib/inbox/replyStore.ts'
import { readThread } from '../../../lib/inbox/thread.ts'
import { createWriting } from '../../../lib/inbox/writing.ts'
import { Failure } from '../../../lib/messaging/failure.ts'
import type { HistoryAnswer } from '../../../lib/protocol/http.ts'
import type { PastReply } from '../../../lib/protocol/message.ts'
import { databaseWithProfile } from './support/database.ts'
import { addConversation } from './support/inbox.ts'
import { createFakeTimers, type FakeTimers, settle } from './support/timers.ts'

const PROFILE = 'default'
const CHAT = 'c:7'
let db: Database
let timers: FakeTimers
let elsewhere: Elsewhere
/** The relay's list; a place is an index into it. */
let list: unknown[]
let epoch: string
let asked: Place[]
let stored: number
let refuse: Error | undefined

beforeEach(async () => {
  db = await databaseWithProfile('https://relay.test')
  timers = createFakeTimers()
  list = []
  asked = []
  stored = 0
  epoch = 'e1'
  refuse = undefined
  await addConversation(db, CHAT, 'telegram')
  elsewhere = createElsewhere({
    ...{ db, profileId: PROFILE, timers },
    async history(place): Promise<HistoryAnswer> {
      asked.push(place)
      if (refuse) throw refuse
      const from = place.epoch === epoch ? place.after : 0
      const replies = list.slice(from, from + 2)
      return { replies, epoch, next: from + replies.length, hasMore: from + 2 < list.length }
    },
    onStored: () => void stored++,
  })
})
afterEach(() => elsewhere.close())

const channelOf = async () => (await db.get('conversations', [PROFILE, CHAT]))?.channelId ?? ''
let ids = 0
async function past(content: string, more: Partial<PastReply> = {}): Promise<PastReply> {
  const { lastAt = 0 } = (await db.get('conversations', [PROFILE, CHAT])) ?? {}
  const time = new Date(lastAt + 1000).toISOString()
  return {
    ...{ responseId: `r${++ids}`, channelId: await channelOf(), conversation: '7', content },
    ...{ by: 'agent', state: 'sent', attempts: 1, createdAt: time, updatedAt: time },
    ...more,
  }
}
async function connected(): Promise<void> {
  elsewhere.connected()
  await settle(24)
}
/** The relay says something about a reply. */
async function told(): Promise<void> {
  elsewhere.told()
  await timers.advance(300)
  await settle(24)
}
const thread = async () =>
  (await readThread(db, PROFILE, CHAT, { limit: 50 })).items.flatMap((item) => (item.kind === 'reply' ? [item.reply] : []))
const said = async () => (await thread()).map(({ content }) => content)

describe('what was answered elsewhere', () => {
  it('client:ELS1 comes with a connection, page by page, each once, and the row shows the newest', async () => {
    list = [await past('one'), await past('two'), await past('three', { by: 'human' })]
    await connected()
    expect(await said()).toEqual(['one', 'two', 'three'])
    expect((await thread()).map((reply) => reply.elsewhere)).toEqual(['agent', 'agent', 'human'])
    expect((await listConversations(db, PROFILE))[0]?.lastReply?.content).toBe('three')
    expect(stored).toBe(2)
    await connected()
    expect(asked.at(-1)).toMatchObject({ epoch: 'e1', after: 3 })
    expect(await said()).toHaveLength(3)
  })

  it('client:ELS1 comes at once when the relay says something about a reply, and follows its states', async () => {
    await connected()
    list = [await past('hello', { responseId: 'live', state: 'queued' })]
    await told()
    expect((await thread())[0]).toMatchObject({ content: 'hello', state: 'queued' })
    await applyStatus(db, PROFILE, { responseId: 'live', channelId: 'c', state: 'sent', attempts: 1, updatedAt: '' }, 5)
    expect((await thread())[0]).toMatchObject({ content: 'hello', state: 'sent' })
  })

  it('client:ELS1 a list that begins anew tells nothing twice', async () => {
    list = [await past('one'), await past('two')]
    await connected()
    epoch = 'e2'
    list.push(await past('three'))
    await connected()
    expect(await said()).toEqual(['one', 'two', 'three'])
  })

  it('client:ELS1 an older answer stands at its time, and the row keeps what is newest', async () => {
    const conversation = await db.get('conversations', [PROFILE, CHAT])
    if (conversation) await db.put('conversations', { ...conversation, lastAt: 10_000 })
    list = [await past('early', { createdAt: new Date(9_000).toISOString() })]
    await connected()
    expect(await said()).toEqual(['early'])
    expect((await listConversations(db, PROFILE))[0]?.lastReply).toBeUndefined()
  })

  it('client:ELS2 what this browser wrote is not told again, also after it was taken out', async () => {
    await connected()
    const { clientId } = await createWriting({ db, now: timers.now }).write({
      ...{ profileId: PROFILE, conversationId: CHAT, content: 'mine', attachments: [] },
    })
    list = [await past('mine', { responseId: 'own', clientId, by: 'human' })]
    await told()
    expect(await said()).toEqual(['mine'])
    await createWriting({ db, now: timers.now }).discard(clientId)
    await connected()
    expect(await said()).toEqual([])
  })

  it('client:ELS2, PRF5 what belongs to no conversation here is left out, and so is everything of a profile that is gone', async () => {
    list = [await past('foreign', { conversation: 'nobody' }), await past('kept')]
    await connected()
    expect((await db.getAll('replies')).map(({ content }) => content)).toEqual(['kept'])
    list.push(await past('late'))
    await db.delete('profiles', PROFILE)
    await connected()
    expect(await db.count('replies')).toBe(1)
  })

  it('client:ARC7 what this version cannot read is noted, and the rest comes', async () => {
    list = [{ responseId: 'x', by: 'a ghost' }, await past('kept'), await past('undated', { createdAt: 'soon' })]
    await connected()
    expect(await said()).toEqual(['kept'])
    expect((await db.getAll('quarantine')).map(({ source }) => source)).toEqual(['reply', 'reply'])
  })

  it('client:ELS3 a relay without the list is asked once per connection; after a failure it is read on', async () => {
    refuse = new Failure('not_found', 'No such route.')
    await connected()
    await told()
    expect(asked).toHaveLength(1)
    refuse = new Failure('network', 'Gone.')
    await connected()
    refuse = undefined
    list = [await past('after all')]
    await told()
    expect(await said()).toEqual(['after all'])
  })

  it('client:ELS3 makes nothing unread, and a failed one keeps its reason', async () => {
    const unread = async () => (await db.get('conversations', [PROFILE, CHAT]))?.unread
    const before = await unread()
    list = [await past('no', { state: 'failed', reason: 'The chat is closed.' })]
    await connected()
    expect(await unread()).toBe(before)
    expect((await thread())[0]).toMatchObject({ state: 'failed', reason: 'The chat is closed.' })
  })
})
