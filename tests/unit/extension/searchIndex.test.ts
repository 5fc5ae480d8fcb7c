import { beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../../lib/database/open.ts'
import { UPGRADES } from '../../../lib/database/upgrades.ts'
import type { InboxMessage, Reply } from '../../../lib/inbox/model.ts'
import { removeOldest } from '../../../lib/inbox/removeOldest.ts'
import { createRemoving } from '../../../lib/inbox/removing.ts'
import { createIndexing } from '../../../lib/inbox/search/indexing.ts'
import { createWriting } from '../../../lib/inbox/writing.ts'
import { removeProfile } from '../../../lib/profiles/remove.ts'
import type { ChannelMessage } from '../../../lib/protocol/message.ts'
import { databaseWithProfile } from './support/database.ts'
import { receive } from './support/inbox.ts'
import { createTestLocks } from './support/locks.ts'
import { message } from './support/modelRelay.ts'
import { blockSizes, findIn } from './support/search.ts'

const PROFILE = 'default'
let db: Database
let index: () => Promise<void>

beforeEach(async () => {
  db = await databaseWithProfile('http://127.0.0.1')
  index = createIndexing({ db })
})

const numbers = (count: number, from = 1) => Array.from({ length: count }, (_one, place) => place + from)
const at = (seq: number) => Date.parse(message(seq).timestamp)
const said = (seq: number, content: string, over: Partial<ChannelMessage> = {}) => message(seq, { content, ...over })

const find = (text: string, options?: Parameters<typeof findIn>[2]) => findIn(db, text, options)
const ids = async (text: string) => (await find(text)).ids
const blocks = () => blockSizes(db)

describe('the index', () => {
  it('client:SRC5 a few new messages wait outside it and are found all the same; once enough wait they are taken in', async () => {
    await receive(
      db,
      numbers(199).map((seq) => said(seq, 'hay')),
    )
    await index()
    expect([await blocks(), await db.count('unindexed')]).toEqual([[], 1])
    expect((await find('hay')).total).toBe(199)
    await receive(db, [said(200, 'hay')])
    await index()
    expect([await blocks(), await db.count('unindexed')]).toEqual([[200], 0])
    await receive(
      db,
      numbers(400, 201).map((seq) => said(seq, 'hay')),
    )
    await index()
    expect(await blocks()).toEqual([500, 100])
    expect((await find('hay')).total).toBe(600)
  })

  it('client:SRC5 words of what is deleted leave it at once, whoever deletes', async () => {
    await receive(db, [
      ...numbers(300).map((seq) => said(seq, `secret ${seq}`, { metadata: { chatId: 'x' } })),
      ...numbers(300, 301).map((seq) => said(seq, `secret ${seq}`, { metadata: { chatId: 'y' } })),
    ])
    const writing = createWriting({ db, now: () => at(600) })
    const reply = await writing.write({ profileId: PROFILE, conversationId: 'c:x', content: 'secret of mine', attachments: [] })
    const other = await writing.write({ profileId: PROFILE, conversationId: 'c:y', content: 'secret too', attachments: [] })
    await index()
    await index()
    const removing = createRemoving({ db })
    const stored = async () => JSON.stringify([await db.getAll('searchBlocks'), await db.getAll('unindexed')])
    await removing.removeMessage(PROFILE, 'm600')
    // Before the index follows, nobody finds it.
    expect((await find('secret')).total).toBe(601)
    await index()
    expect(await stored()).not.toContain('secret 600')
    await writing.discard(other.clientId)
    await removing.removeConversation(PROFILE, 'c:x')
    await index()
    expect(await stored()).not.toMatch(/secret (?:1|300|of mine|too)\b/)
    expect((await find('secret')).total).toBe(299)
    expect(await ids(reply.content)).toEqual([])
    await removeOldest(db, PROFILE, { going: () => true, until: () => false })
    await index()
    expect([await blocks(), await db.count('unindexed')]).toEqual([[], 0])
  })

  it('client:SRC5 a reply sent anew is there once, under its new name', async () => {
    await receive(
      db,
      numbers(300).map((seq) => said(seq, 'hay', { metadata: { chatId: 'x' } })),
    )
    const writing = createWriting({ db, now: () => at(300) })
    const reply = await writing.write({ profileId: PROFILE, conversationId: 'c:x', content: 'needle', attachments: [] })
    await index()
    await db.put('replies', { ...reply, state: 'failed', code: 'x', reason: 'x' } as Reply)
    const anew = await writing.retry(reply.clientId)
    expect(await ids('needle')).toEqual([anew.clientId])
    await index()
    expect(await ids('needle')).toEqual([anew.clientId])
  })

  it('client:SRC5 runs that overlap take everything in once', async () => {
    await receive(
      db,
      numbers(1_200).map((seq) => said(seq, 'hay')),
    )
    await Promise.all([index(), index(), createIndexing({ db })()])
    expect((await blocks()).reduce((sum, count) => sum + count, 0)).toBe(1_200)
    expect(new Set((await db.getAll('searchBlocks')).flatMap((block) => block.ids)).size).toBe(1_200)
    expect(await find('hay')).toMatchObject({ total: 1_200, searched: 1_200 })
  })

  it('client:SRC5, CDD14 what an older version stored is found after the upgrade, also before it is taken in', async () => {
    const before = UPGRADES.slice(
      0,
      UPGRADES.findIndex(({ name }) => name === 'indexForSearch'),
    )
    const old = await openDatabase('old-inbox', before)
    await old.put('profiles', { id: PROFILE, name: '', relayUrl: '', createdAt: 0, stopped: false })
    for (const seq of numbers(700)) {
      const { id, channelId, channelType, from, content, metadata } = message(seq, { content: `hay ${seq}` })
      const row = {
        profileId: PROFILE,
        id,
        seq,
        epoch: 'e',
        conversationId: 'c:x',
        channelId,
        channelType,
        from,
        content,
        metadata,
      }
      await old.put('messages', { ...row, at: at(seq), attachments: [], read: 1, storedAt: 1 } as InboxMessage)
    }
    await old.put('replies', {
      clientId: 'r',
      profileId: PROFILE,
      createdAt: 5,
      content: 'hay of mine',
      attachments: [],
    } as unknown as Reply)
    old.close()
    db = await openDatabase('old-inbox')
    expect(await find('hay')).toMatchObject({ total: 701, searched: 701 })
    await createIndexing({ db })()
    expect([await blocks(), await db.count('unindexed')]).toEqual([[500, 201], 0])
    expect(await find('hay')).toMatchObject({ total: 701, searched: 701 })
  })

  it('client:PRF5 a deleted profile leaves no words behind, even while the index is written', async () => {
    await receive(
      db,
      numbers(600).map((seq) => said(seq, 'secret')),
    )
    await Promise.all([index(), removeProfile({ db, locks: createTestLocks() }, PROFILE)])
    await index()
    expect([await db.count('searchBlocks'), await db.count('unindexed')]).toEqual([0, 0])
  })
})
