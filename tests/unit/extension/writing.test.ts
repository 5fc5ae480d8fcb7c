import { beforeEach, describe, expect, it } from 'vitest'
import { changeSettings } from '../../../lib/app/settings.ts'
import type { Database } from '../../../lib/database/open.ts'
import { createInboxHandlers } from '../../../lib/inbox/handlers.ts'
import { createWriting } from '../../../lib/inbox/writing.ts'
import type { Failure } from '../../../lib/messaging/failure.ts'
import { freshDatabase } from './support/database.ts'
import { addConversation } from './support/inbox.ts'
import { createFakeTimers, type FakeTimers, settle } from './support/timers.ts'

const PROFILE = 'default'
let db: Database
let timers: FakeTimers
let writing: ReturnType<typeof createWriting>

beforeEach(async () => {
  db = await freshDatabase()
  timers = createFakeTimers()
  writing = createWriting({ db, now: timers.now })
  await addConversation(db, 'a', 'telegram')
})

const write = (content: string) => writing.write({ profileId: PROFILE, conversationId: 'a', content, attachments: [] })

describe('writing', () => {
  const failure = (content: string, attachments: { filename: string; mimeType: string; dataBase64: string }[] = []) =>
    writing.write({ profileId: PROFILE, conversationId: 'a', content, attachments }).then(
      () => 'written',
      (error: Failure) => error.code,
    )

  it('client:CRP5 what is too long is refused before anything is stored, by bytes and not by characters', async () => {
    expect(await failure('ä'.repeat(32_768))).toBe('written')
    expect(await failure('ä'.repeat(32_769))).toBe('content_too_large')
    expect(await failure('   ')).toBe('missing_field')
    expect(await db.count('replies')).toBe(1)
  })

  it('client:CRP5, CAT6 more than three files or more than 5 MiB are refused', async () => {
    const file = (size: number) => ({ filename: 'f', mimeType: 'text/plain', dataBase64: 'A'.repeat(size) })
    expect(await failure('', [file(4), file(4), file(4), file(4)])).toBe('attachment_too_large')
    expect(await failure('', [file((5 * 1024 * 1024 * 4) / 3 + 8)])).toBe('attachment_too_large')
    expect(await failure('', [file(Math.ceil((5 * 1024 * 1024) / 3) * 4)])).toBe('written')
  })

  it('client:CRP4, CRP5 a missing or one-way channel is refused before sending, and says so', async () => {
    const config = {
      id: 'c',
      type: 'telegram' as const,
      agentId: '',
      direction: 'inbound' as const,
      enabled: true,
      createdAt: '',
      status: { state: 'ok' as const },
      metadata: {},
    }
    await db.put('channels', { profileId: PROFILE, id: 'c', config, seenAt: 0, order: 0 })
    expect(await failure('hello')).toBe('inbound_only')
    await db.delete('channels', [PROFILE, 'c'])
    await db.put('channels', { profileId: PROFILE, id: 'other', config: { ...config, id: 'other' }, seenAt: 0, order: 0 })
    expect(await failure('hello')).toBe('channel_not_found')
    expect(await db.count('replies')).toBe(0)
  })

  it('client:CRP3 retry sends a failed reply under a new clientId and leaves a draft alone', async () => {
    const first = await write('hello')
    await db.put('replies', { ...first, state: 'failed', code: 'not_paired', reason: 'no' })
    await writing.saveDraft(PROFILE, 'a', 'half a thought')
    const second = await writing.retry(first.clientId)
    expect(second.clientId).not.toBe(first.clientId)
    expect(await db.get('replies', first.clientId)).toBeUndefined()
    expect(await db.get('replies', second.clientId)).toMatchObject({ state: 'sending', content: 'hello' })
    expect((await db.get('drafts', [PROFILE, 'a']))?.text).toBe('half a thought')
    await expect(writing.retry(second.clientId)).rejects.toMatchObject({ code: 'not_failed' })
  })

  it('client:CRP2, CRP3 Retry pressed in two windows at once sends it once', async () => {
    const first = await write('hello')
    await db.put('replies', { ...first, state: 'failed', code: 'not_paired', reason: 'no' })
    const pressed = await Promise.allSettled([writing.retry(first.clientId), writing.retry(first.clientId)])
    expect(pressed.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await db.getAll('replies')).map(({ state, content }) => [state, content])).toEqual([['sending', 'hello']])
  })

  it('client:CRP5 a draft stays until it is sent or emptied', async () => {
    await writing.saveDraft(PROFILE, 'a', 'half')
    expect((await db.get('drafts', [PROFILE, 'a']))?.text).toBe('half')
    await write('whole')
    expect(await db.get('drafts', [PROFILE, 'a'])).toBeUndefined()
    await writing.saveDraft(PROFILE, 'a', 'again')
    await writing.saveDraft(PROFILE, 'a', '')
    expect(await db.get('drafts', [PROFILE, 'a'])).toBeUndefined()
  })

  it('client:CDD12 a reply stands after the message it answers even when this computer’s clock is behind', async () => {
    const conversation = await db.get('conversations', [PROFILE, 'a'])
    if (conversation) await db.put('conversations', { ...conversation, lastAt: timers.now() + 60_000 })
    expect((await write('hello')).createdAt).toBe(timers.now() + 60_001)
    expect((await db.get('conversations', [PROFILE, 'a']))?.lastReplyId).toBeDefined()
  })
})

describe('calls of pages', () => {
  it('client:CRP6 typing is told to the channel of the conversation, and whatever comes of it is ignored', async () => {
    const typed: string[] = []
    const handlers = createInboxHandlers({
      db,
      timers,
      tell: () => undefined,
      fetchFile: () => Promise.reject(new Error('unused')),
      flush: () => undefined,
      typing: async (_profileId, channelId, channelType) => {
        typed.push(`${channelType} ${channelId}`)
        throw new Error('the relay is away')
      },
      onRead: async () => undefined,
    })
    await handlers.typing({ profileId: PROFILE, conversationId: 'a' })
    await handlers.typing({ profileId: PROFILE, conversationId: 'gone' })
    expect(typed).toEqual(['telegram c'])
  })

  it('client:OBS1 nothing goes out to a channel that is only observed: no reply, no retry, not that someone writes', async () => {
    const typed: string[] = []
    const handlers = createInboxHandlers({
      db,
      timers,
      tell: () => undefined,
      fetchFile: () => Promise.reject(new Error('unused')),
      flush: () => undefined,
      typing: async (_profileId, channelId) => typed.push(channelId),
      onRead: async () => undefined,
    })
    const to = { profileId: PROFILE, conversationId: 'a' }
    const { clientId } = await handlers.send({ ...to, content: 'before', attachments: [] })
    const reply = await db.get('replies', clientId)
    await db.put('replies', { ...reply, state: 'failed', code: 'x', reason: 'x' } as never)
    await changeSettings(db, PROFILE, { observedChannels: ['c'] })
    await expect(handlers.send({ ...to, content: 'hello', attachments: [] })).rejects.toMatchObject({ code: 'observe_only' })
    await expect(handlers.retry({ clientId })).rejects.toMatchObject({ code: 'observe_only' })
    await handlers.typing(to)
    expect([await db.count('replies'), typed]).toEqual([1, []])
    await changeSettings(db, PROFILE, { observedChannels: [] })
    await handlers.retry({ clientId })
    await handlers.typing(to)
    expect(typed).toEqual(['c'])
  })

  it('client:CRP1 the outbox is called only once the reply is stored', async () => {
    const seen: number[] = []
    const handlers = createInboxHandlers({
      db,
      timers,
      tell: () => undefined,
      fetchFile: () => Promise.reject(new Error('unused')),
      flush: () => void db.count('replies').then((count) => seen.push(count)),
      typing: async () => undefined,
      onRead: async () => undefined,
    })
    await handlers.send({ profileId: PROFILE, conversationId: 'a', content: 'hello', attachments: [] })
    await settle()
    expect(seen).toEqual([1])
  })
})
