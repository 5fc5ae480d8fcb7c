import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startBackground } from '../../../lib/app/background.ts'
import type { NoticeTexts } from '../../../lib/app/notifier.ts'
import { changeSettings } from '../../../lib/app/settings.ts'
import { type Database, openDatabase } from '../../../lib/database/open.ts'
import type { Conversation } from '../../../lib/inbox/model.ts'
import { newestToAnswer } from '../../../lib/inbox/newest.ts'
import { createFakeChrome, type FakeChrome } from './support/chrome.ts'
import { settle, until } from './support/timers.ts'

let fake: FakeChrome
let db: Database

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no relay')))
  fake = createFakeChrome()
  db = await openDatabase()
})
afterEach(() => {
  db.close()
  vi.unstubAllGlobals()
})

async function channel(id: string, direction: string, profileId = 'default'): Promise<void> {
  await db.put('profiles', { id: profileId, name: profileId, relayUrl: 'http://127.0.0.1:8787', createdAt: 1, stopped: true })
  await db.put('channels', { profileId, id, config: { direction }, seenAt: 0, order: 0 } as never)
}
/** Written to at `lastAt`, ours included; somebody wrote at `lastMessageAt`. */
const conversation = (id: string, channelId: string, lastMessageAt: number, lastAt = lastMessageAt, profileId = 'default') =>
  db.put('conversations', { profileId, id, channelId, lastMessageAt, lastAt, unread: 0 } as Conversation)

describe('the conversation somebody wrote in last', () => {
  const newest = async () => (await newestToAnswer(db))?.id

  it('client:RCH3 is one that can be answered, whatever we wrote elsewhere since', async () => {
    expect(await newest()).toBeUndefined()
    await channel('tg', 'bidirectional')
    await channel('ci', 'inbound')
    await conversation('old', 'tg', 10)
    expect(await newest()).toBe('old')
    await conversation('asked', 'tg', 20)
    await conversation('ours', 'tg', 5, 90)
    await conversation('oneWay', 'ci', 80)
    await conversation('gone', 'unknown', 85)
    expect(await newest()).toBe('asked')
  })

  it('client:OBS1 is none of a channel that is only observed', async () => {
    await channel('tg', 'bidirectional')
    await channel('sl', 'bidirectional')
    await conversation('here', 'tg', 10)
    await conversation('observed', 'sl', 20)
    await changeSettings(db, 'default', { observedChannels: ['sl'] })
    expect(await newest()).toBe('here')
    await changeSettings(db, 'default', { observedChannels: [] })
    expect(await newest()).toBe('observed')
  })

  it('client:RCH3, PRF4 is looked for in every profile', async () => {
    await channel('tg', 'bidirectional')
    await channel('tg', 'bidirectional', 'work')
    await conversation('here', 'tg', 10)
    await conversation('there', 'tg', 11, 11, 'work')
    expect(await newestToAnswer(db)).toMatchObject({ profileId: 'work', id: 'there' })
  })
})

describe('keys for the whole browser', () => {
  async function start(): Promise<void> {
    startBackground(fake.chrome, {} as NoticeTexts)
    await until(() => fake.state.documents === 1, 'the offscreen document')
    await settle()
  }

  it('client:RCH1, RCH3 the side panel opens in the turn of the key, before anything is waited for', () => {
    startBackground(fake.chrome, {} as NoticeTexts)
    void fake.raw.commands.onCommand.fire('open-side-panel', { id: 3, windowId: 7 })
    expect(fake.panels).toEqual([{ path: 'sidepanel.html' }, { windowId: 7 }])
  })

  it('client:RCH2, RCH3 a reply to the newest opens its window, once; without one to answer, the inbox', async () => {
    await start()
    await fake.raw.commands.onCommand.fire('reply-to-newest', { id: 3, windowId: 7 })
    expect(fake.windows.map(({ url }) => url)).toEqual(['chrome-extension://own/popup.html#/'])
    await channel('tg', 'bidirectional')
    await conversation('tg:1', 'tg', 10)
    for (let pressed = 0; pressed < 2; pressed++) await fake.raw.commands.onCommand.fire('reply-to-newest')
    expect(fake.windows.map(({ url }) => url).slice(1)).toEqual(['chrome-extension://own/popup.html?profile=default#/reply/tg%3A1'])
    expect(fake.windows[1]).toMatchObject({ focused: 1 })
    await fake.raw.commands.onCommand.fire('something-else')
    expect(fake.windows).toHaveLength(2)
    expect(fake.panels).toEqual([])
  })
})
