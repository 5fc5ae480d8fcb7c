import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import { createChoreHandlers } from '../../../lib/inbox/choreHandlers.ts'
import { cleanUp, ROOM_BYTES } from '../../../lib/inbox/cleanUp.ts'
import { createArrivingFetcher } from '../../../lib/inbox/fetchArriving.ts'
import { createFileFetcher, FILE_KEPT_MS } from '../../../lib/inbox/fetchFile.ts'
import { SEEN_KEPT_MS, tidy } from '../../../lib/inbox/housekeeping.ts'
import { previewType } from '../../../lib/inbox/imageType.ts'
import type { InboxMessage } from '../../../lib/inbox/model.ts'
import { createReading } from '../../../lib/inbox/reading.ts'
import { countUnread } from '../../../lib/inbox/unread.ts'
import type { Change } from '../../../lib/messaging/changes.ts'
import { Failure } from '../../../lib/messaging/failure.ts'
import { databaseWithProfile } from './support/database.ts'
import { receive } from './support/inbox.ts'
import { message } from './support/modelRelay.ts'
import { createFakeTimers } from './support/timers.ts'

const PROFILE = 'default'
let db: Database
let reading: ReturnType<typeof createReading>

beforeEach(async () => {
  db = await databaseWithProfile('http://127.0.0.1')
  reading = createReading({ db })
})

const numbers = (count: number) => Array.from({ length: count }, (_one, index) => index + 1)
const inOne = (count: number) => numbers(count).map((seq) => message(seq, { metadata: { chatId: 'x' } }))
const unreadOf = async (id = 'c:x') => (await db.get('conversations', [PROFILE, id]))?.unread

describe('files', () => {
  const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1])
  const attachment = (size = 9) => ({ id: 'f1', filename: 'a.png', mimeType: 'image/svg+xml', size, kind: 'image' as const })

  async function fetcher(download: (target: string, maxBytes: number) => Promise<Uint8Array<ArrayBuffer>>, size?: number) {
    await receive(db, [message(1, { id: 'm/1', attachments: [attachment(size)] })])
    const timers = createFakeTimers()
    const told: string[] = []
    const fetchFile = createFileFetcher({
      db,
      timers,
      download: (_profile, target, maxBytes) => download(target, maxBytes),
      onFetched: (profileId) => told.push(profileId),
    })
    return { timers, told, get: () => fetchFile(PROFILE, 'm/1', 'f1') }
  }

  it('client:CAT1, CAT2 is fetched once, not above 5 MiB, and shown only if its bytes are an image’s', async () => {
    const asked: [string, number][] = []
    const { get, told } = await fetcher(async (target, maxBytes) => {
      asked.push([target, maxBytes])
      return PNG
    })
    expect(await get()).toEqual({ preview: true })
    expect(await get()).toEqual({ preview: true })
    expect(asked).toEqual([['/messages/m%2F1/attachments/f1', 5 * 1024 * 1024]])
    expect((await db.getAll('files'))[0]?.mimeType).toBe('image/png')
    expect(told).toEqual([PROFILE])
  })

  it.each<[string, number[] | string, string | undefined]>([
    ['PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'image/png'],
    ['JPEG', [0xff, 0xd8, 0xff, 0xe0], 'image/jpeg'],
    ['GIF', 'GIF89a', 'image/gif'],
    ['WebP', 'RIFF____WEBP', 'image/webp'],
    ['WebP without RIFF', 'XXXX____WEBP', undefined],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg">', undefined],
    ['HTML', '<script>alert(1)</script>', undefined],
    ['nothing', '', undefined],
  ])('client:CAT2 %s', (_name, bytes, type) => {
    expect(previewType(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : new Uint8Array(bytes))).toBe(type)
  })

  it('client:CAT1, CAT4 a file announced or found too large is unavailable, with its name and the reason', async () => {
    const { get } = await fetcher(async () => PNG, 5 * 1024 * 1024 + 1)
    await expect(get()).rejects.toThrow('Attachment unavailable: a.png - it is larger than 5 MiB')
    const other = await fetcher(async () => {
      throw new Failure('answer_too_large', 'x')
    })
    await db.put('messages', { ...((await db.get('messages', [PROFILE, 'm/1'])) as InboxMessage), attachments: [attachment()] })
    await expect(other.get()).rejects.toThrow('Attachment unavailable: a.png - it is larger than 5 MiB')
  })

  it('client:CAT4 one the relay is still fetching is tried again', async () => {
    let tries = 0
    const { get, timers } = await fetcher(async () => {
      if (++tries < 3) throw new Failure('attachment_pending', 'not yet', { retryAfter: 2 })
      return PNG
    })
    const getting = get()
    await timers.advance(10_000)
    expect(await getting).toEqual({ preview: true })
    expect(tries).toBe(3)
  })

  it('client:CAT5 bytes are dropped after 24 h', async () => {
    const { get, timers } = await fetcher(async () => PNG)
    await get()
    await tidy(db, { now: timers.now() + FILE_KEPT_MS - 1, keepMessages: 10 })
    expect(await db.count('files')).toBe(1)
    await tidy(db, { now: timers.now() + FILE_KEPT_MS + 1, keepMessages: 10 })
    expect(await db.count('files')).toBe(0)
  })
})

describe('tidying', () => {
  it('client:CDD11 above the limit the oldest read messages go first, unread ones last', async () => {
    await receive(db, [...inOne(10), ...numbers(5).map((seq) => message(seq + 10, { metadata: { chatId: 'y' } }))])
    await reading.markRead(PROFILE, 'c:y')
    await tidy(db, { now: 1, keepMessages: 12 })
    expect((await db.getAllFromIndex('messages', 'time')).map(({ seq }) => seq)).toEqual([...numbers(10), 14, 15])
    await tidy(db, { now: 1, keepMessages: 8 })
    expect((await db.getAllFromIndex('messages', 'time')).map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
    expect(await unreadOf()).toBe(8)
    expect(await db.count('seen')).toBe(15)
  })

  it('client:CDD7 ids are kept as long as there are few of them, however old', async () => {
    await receive(db, inOne(3))
    await tidy(db, { now: 10 * SEEN_KEPT_MS, keepMessages: 10 })
    expect(await db.count('seen')).toBe(3)
  })

  it('client:ARC7 the quarantine does not grow without end', async () => {
    for (const at of numbers(205)) await db.add('quarantine', { profileId: PROFILE, at, source: 'message', reason: 'x' })
    await tidy(db, { now: 1, keepMessages: 10 })
    const left = await db.getAll('quarantine')
    expect([left.length, left[0]?.at]).toEqual([200, 6])
  })
})

describe('a clean-up', () => {
  const text = (kilobytes: number) => 'x'.repeat(kilobytes * 1024)
  const file = (messageId: string, bytes: number) => {
    const attachmentId = 'f'
    return db.put('files', {
      profileId: PROFILE,
      messageId,
      attachmentId,
      bytes: new ArrayBuffer(bytes),
      mimeType: 'a/b',
      cachedAt: 1,
    })
  }
  const stored = async () => (await db.getAllFromIndex('messages', 'time')).map(({ seq }) => seq)

  it('client:CDD10 takes the files first, and nothing else where that is enough', async () => {
    await receive(db, inOne(3))
    await reading.markRead(PROFILE, 'c:x')
    for (const seq of [1, 2]) await file(`m${seq}`, ROOM_BYTES / 2)
    expect(await cleanUp(db)).toEqual({ bytes: ROOM_BYTES, files: 2, messages: 0 })
    expect([await db.count('files'), await stored()]).toEqual([0, [1, 2, 3]])
  })

  it('client:CDD10, CDD7 then the oldest read messages, as many as it takes; unread ones and all ids stay', async () => {
    const large = numbers(30).map((seq) =>
      message(seq, { content: text(2_048), metadata: { chatId: seq % 3 === 0 ? 'unread' : 'x' } }),
    )
    await receive(db, large)
    await reading.markRead(PROFILE, 'c:x')
    await file('m30', 1_000)
    const { bytes, files, messages } = await cleanUp(db)
    expect([files, messages]).toEqual([1, 16])
    expect(bytes).toBeGreaterThan(ROOM_BYTES)
    expect(await stored()).toEqual(numbers(30).filter((seq) => seq % 3 === 0 || seq > 23))
    expect(await db.count('seen')).toBe(30)
    expect(await countUnread(db, PROFILE, 1)).toBe(10)
    expect((await cleanUp(db)).messages).toBe(4)
    expect(await cleanUp(db)).toEqual({ bytes: 0, files: 0, messages: 0 })
    expect(await stored()).toEqual(numbers(10).map((n) => n * 3))
  })

  it('client:CDD10 afterwards the messages that wait are asked for at once', async () => {
    await receive(db, inOne(1))
    await db.put('connections', { profileId: PROFILE, state: 'connected', since: 1, storageFull: true })
    await db.put('connections', { profileId: 'other', state: 'connected', since: 1 })
    const told: Change[] = []
    const handlers = createChoreHandlers({ db, tell: (change) => told.push(change), onRemoved: () => undefined })
    expect(await handlers.cleanUp()).toEqual({ bytes: 0, files: 0, messages: 0 })
    expect(told).toEqual([
      { topic: 'messages', profileId: PROFILE },
      { topic: 'room', profileId: PROFILE },
    ])
  })
})

describe('files as they come', () => {
  const withFiles = (seq: number, ...ids: string[]) =>
    message(seq, { attachments: ids.map((id) => ({ id, filename: id, mimeType: 'a/b', size: 1, kind: 'file' as const })) })

  it('client:CAT1, ARC5 are fetched one after the other where the user wants that, and one that fails stops no other', async () => {
    await receive(db, [withFiles(1, 'a', 'b'), withFiles(2, 'c')])
    let wanted = false
    let running = 0
    const fetched: string[] = []
    const fetchArriving = createArrivingFetcher({
      db,
      async fetchFile(_profileId, messageId, attachmentId) {
        expect(++running).toBe(1)
        await Promise.resolve()
        running--
        fetched.push(`${messageId} ${attachmentId}`)
        if (attachmentId === 'a') throw new Failure('attachment_gone', 'gone')
        return { preview: false }
      },
      isWanted: async () => wanted,
    })
    await fetchArriving(PROFILE, ['m1'])
    expect(fetched).toEqual([])
    wanted = true
    await Promise.all([fetchArriving(PROFILE, ['m1', 'gone']), fetchArriving(PROFILE, ['m2'])])
    expect(fetched).toEqual(['m1 a', 'm1 b', 'm2 c'])
  })
})
