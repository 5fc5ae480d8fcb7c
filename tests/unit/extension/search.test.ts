import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import { createReading } from '../../../lib/inbox/reading.ts'
import { createSearching } from '../../../lib/inbox/search/find.ts'
import { fold } from '../../../lib/inbox/search/fold.ts'
import { createIndexing } from '../../../lib/inbox/search/indexing.ts'
import { isEmpty, readQuery } from '../../../lib/inbox/search/query.ts'
import { createWriting } from '../../../lib/inbox/writing.ts'
import type { ChannelMessage } from '../../../lib/protocol/message.ts'
import { addProfile, databaseWithProfile } from './support/database.ts'
import { receive } from './support/inbox.ts'
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

describe('finding', () => {
  it('client:SRC1 goes through everything, newest first, in content, sender, subject and names of files, and says how much', async () => {
    const file = { id: 'f', filename: 'needle-number.pdf', mimeType: 'application/pdf', size: 1, kind: 'file' as const }
    const hay = (seq: number) =>
      said(seq, seq % 400 === 0 ? `The Needle number ${seq}` : 'hay', {
        from: seq === 7 ? 'Needle Number' : 'Ada',
        metadata: seq === 9 ? { subject: 'needle NUMBER' } : {},
        ...(seq === 5 && { attachments: [file] }),
      })
    await receive(db, numbers(1_203).map(hay))
    for (const indexed of [false, true]) {
      if (indexed) await index()
      expect(await ids('NEEDLE number')).toEqual(['m1200', 'm800', 'm400', 'm9', 'm7', 'm5'])
      expect(await ids('needle 800')).toEqual(['m800'])
      expect(await ids('"number 800"')).toEqual(['m800'])
      expect(await ids('"800 number"')).toEqual([])
      expect(await find('needle', { limit: 2 })).toMatchObject({ ids: ['m1200', 'm800'], total: 6, searched: 1_203 })
      expect(await find('nowhere')).toMatchObject({ ids: [], total: 0, searched: 1_203 })
    }
    expect(await blocks()).toEqual([500, 500, 200])
  })

  it('client:SRC1 our own replies are in their place among the messages, files by their names', async () => {
    await receive(
      db,
      numbers(600).map((seq) => said(seq, 'the wall', { metadata: { chatId: 'x' } })),
    )
    const writing = createWriting({ db, now: () => at(600) })
    const write = (content: string, filename?: string) =>
      writing.write({
        profileId: PROFILE,
        conversationId: 'c:x',
        content,
        attachments: filename === undefined ? [] : [{ filename, mimeType: 'text/plain', dataBase64: '' }],
      })
    const mine = await write('The Wall is mine')
    const plan = await write('something else', 'plan of the wall.pdf')
    await receive(db, [said(700, 'that wall', { metadata: { chatId: 'x' } })])
    expect((await ids('wall')).slice(0, 4)).toEqual(['m700', plan.clientId, mine.clientId, 'm600'])
    await index()
    expect((await ids('wall')).slice(0, 4)).toEqual(['m700', plan.clientId, mine.clientId, 'm600'])
    expect(await ids('wall from:me')).toEqual([plan.clientId, mine.clientId])
    await db.put('replies', { ...mine, clientId: 'elsewhere:1', content: 'a wall of an agent', elsewhere: 'agent' })
    await db.add('unindexed', { profileId: PROFILE, kind: 'reply', ids: ['elsewhere:1'] })
    for (const indexed of [false, true]) {
      if (indexed) await index()
      expect(await ids('wall from:agent')).toEqual(['elsewhere:1'])
      expect(await ids('wall from:me')).toEqual([plan.clientId, mine.clientId])
    }
  })

  it.each([
    ['any case', 'STRASSE', 'strasse'],
    ['accents', 'Málaga Ångström naïve', 'malaga angstrom naive'],
    ['accents typed', 'resume', 'résumé'],
    ['accents as marks of their own', 'Cafe\u0301', 'café'],
    ['ß', 'Straße', 'strasse'],
    ['Greek', 'Αθήνα', 'αθηνα'],
    ['Cyrillic', 'Ещё чаю', 'еще чаю'],
    ['points and vowel signs', 'שָׁלוֹם مُحَمَّد', 'שלום محمد'],
    ['wide and narrow forms', 'ﾃｽﾄ Ｗｉｄｅ', 'テスト wide'],
    ['no spaces between words', '来週の会議は東京駅で', '東京駅'],
    ['Hangul', '안녕하세요', '안녕'],
    ['a part of a word', 'Lieferantenrechnung', 'rechnung'],
  ])('client:SRC2 %s: %j is found by %j', async (_name, content, words) => {
    await receive(db, [said(1, content), said(2, 'something else')])
    expect(await ids(words)).toEqual(['m1'])
  })

  it('client:SRC2 a mark that makes another letter is another letter', () => {
    expect(fold('ガ')).not.toBe(fold('カ'))
    expect(fold('हिन्दी')).toBe('हिन्दी')
  })

  it('client:SRC6 a search that is overtaken gives nothing and reads no further; one page keeps what it read', async () => {
    await receive(
      db,
      numbers(1_000).map((seq) => said(seq, 'hay')),
    )
    await index()
    const searching = createSearching({ db, profileId: PROFILE })
    const stopped = await searching.search(readQuery('hay'), 50, undefined, AbortSignal.abort())
    expect(stopped.items).toEqual([])
    expect((await searching.search(readQuery('hay'), 50)).total).toBe(1_000)
    await db.clear('searchBlocks')
    expect((await searching.search(readQuery('hay'), 50)).total).toBe(0)
  })

  it('client:PRF4 nothing of one profile is found in the other', async () => {
    await addProfile(db, 'http://127.0.0.1', 'other')
    await receive(
      db,
      numbers(300).map((seq) => said(seq, 'hay')),
    )
    await receive(db, [said(1, 'hay', { id: 'theirs' })], 'other')
    await index()
    expect((await find('hay', { profileId: 'other' })).ids).toEqual(['theirs'])
    expect((await find('hay')).total).toBe(300)
  })
})

describe('filters', () => {
  it.each<[string, Partial<ReturnType<typeof readQuery>>]>([
    ['two words', { words: ['two', 'words'] }],
    ['"one phrase"  more', { words: ['one phrase', 'more'] }],
    ['"still open', { words: ['still open'] }],
    ['from:Ada', { from: ['ada'] }],
    ['FROM:"Ada Okafor" hi', { from: ['ada okafor'], words: ['hi'] }],
    ['from:ada from:jonas', { from: ['ada', 'jonas'] }],
    ['in:ci', { in: ['ci'] }],
    ['has:file is:unread', { file: true, unread: true }],
    ['before:2025-03-01', { before: new Date(2025, 2, 1).getTime() }],
    ['before:2025', { before: new Date(2025, 0, 1).getTime() }],
    ['after:2025-03-01', { since: new Date(2025, 2, 2).getTime() }],
    ['after:2025-12', { since: new Date(2026, 0, 1).getTime() }],
    ['from:', {}],
    ['before:', {}],
    ['', {}],
    ['""', {}],
    ['before:2025-02-30', { unreadable: ['before:2025-02-30'] }],
    ['before:soon', { unreadable: ['before:soon'] }],
    ['has:wings is:late', { unreadable: ['has:wings', 'is:late'] }],
    // What looks like a filter and is none is a word.
    ['https://a.test note:this', { words: ['https://a.test', 'note:this'] }],
    ['re:"the offer"', { words: ['re:the offer'] }],
  ])('client:SRC3 %j', (text, meant) => {
    const nothing = { words: [], from: [], in: [], file: false, unread: false, unreadable: [] }
    expect(readQuery(text)).toEqual({ ...nothing, ...meant })
  })

  it('client:SRC3 an empty search looks for nothing', () => {
    expect(['', '  ', 'from:', '""'].map((text) => isEmpty(readQuery(text)))).toEqual([true, true, true, true])
    expect(['a', 'has:file', 'is:unread', 'before:2025'].map((text) => isEmpty(readQuery(text)))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  it('client:SRC3 sender, files, unread, time and conversation narrow it, alone and together', async () => {
    const file = { id: 'f', filename: 'a.pdf', mimeType: 'application/pdf', size: 1, kind: 'file' as const }
    const mail = { ...file, role: 'html' as const }
    await receive(db, [
      said(1, 'lunch', { from: 'Ada Okafor', metadata: { chatId: 'a' }, attachments: [file] }),
      said(2, 'lunch', { from: 'Jonas Weber', metadata: { chatId: 'j' }, attachments: [mail] }),
      said(3, 'lunch', { from: 'Ada Okafor', metadata: { chatId: 'a' } }),
    ])
    await createReading({ db }).markRead(PROFILE, 'c:a')
    const day = new Date(at(1) + 86_400_000)
    const next = `${day.getFullYear()}-${day.getMonth() + 1}-${day.getDate()}`
    for (const indexed of [false, true]) {
      if (indexed)
        await receive(
          db,
          numbers(250, 100).map((seq) => said(seq, 'x', { metadata: { chatId: 'z' } })),
        ).then(index)
      expect(await ids('from:ada lunch')).toEqual(['m3', 'm1'])
      expect(await ids('from:okafor from:weber')).toEqual(['m3', 'm2', 'm1'])
      expect(await ids('has:file')).toEqual(['m1'])
      expect(await ids('is:unread lunch')).toEqual(['m2'])
      expect(await ids(`lunch before:${next}`)).toEqual(['m3', 'm2', 'm1'])
      expect(await ids(`lunch after:${next}`)).toEqual([])
      expect(await ids('lunch before:1999')).toEqual([])
      expect((await find('lunch', { places: new Set(['c:j']) })).ids).toEqual(['m2'])
    }
    expect(await blocks()).toEqual([253])
  })
})
