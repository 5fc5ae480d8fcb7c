import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startBackground } from '../../../lib/app/background.ts'
import type { NoticeTexts } from '../../../lib/app/notifier.ts'
import { type Database, openDatabase } from '../../../lib/database/open.ts'
import { appended, clipFile, clipText, readClip } from '../../../lib/inbox/clip.ts'
import { expireClips, keepClip } from '../../../lib/inbox/clipStore.ts'
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

const PAGE = { pageUrl: 'https://trains.test/lisbon' }
const TAB = { id: 3, windowId: 7, title: 'Night trains' }

describe('the menu of a page', () => {
  beforeEach(async () => {
    startBackground(fake.chrome, {} as NoticeTexts)
    await until(() => fake.state.documents === 1, 'the offscreen document')
    await settle()
  })
  /** What the window that was opened last is to send. */
  async function clicked(info: object, tab?: object) {
    await fake.raw.contextMenus.onClicked.fire({ ...PAGE, ...info }, tab)
    const id = fake.windows.at(-1)?.url?.split('#/send/')[1] ?? ''
    return readClip(db, id)
  }

  it('client:RCH4 is made anew when the extension or the browser starts, for web pages alone', async () => {
    await fake.raw.runtime.onInstalled.fire({ reason: 'install' })
    await fake.raw.runtime.onStartup.fire()
    expect(fake.menus.map(({ id, title, contexts }) => [id, title, contexts])).toEqual([
      ['selection', 'menus_selection', ['selection']],
      ['link', 'menus_link', ['link']],
      ['page', 'menus_page', ['page']],
      ['screenshot', 'menus_screenshot', ['page', 'image', 'video']],
    ])
    for (const { documentUrlPatterns } of fake.menus)
      expect(documentUrlPatterns).toEqual(['http://*/*', 'https://*/*', 'file:///*'])
  })

  it('client:RCH4 hands what was clicked on to a small window of its own', async () => {
    const text = async (info: object) => clipText((await clicked(info, TAB)) ?? ({} as never))
    expect(await text({ menuItemId: 'selection', selectionText: '218.40 EUR' })).toBe('218.40 EUR\n\nhttps://trains.test/lisbon')
    expect(await text({ menuItemId: 'link', linkUrl: 'https://trains.test/fares' })).toBe('https://trains.test/fares')
    expect(await text({ menuItemId: 'page' })).toBe('Night trains\nhttps://trains.test/lisbon')
    expect(fake.windows).toHaveLength(3)
    expect(fake.shots).toEqual([])
  })

  it('client:RCH6 photographs the tab that was clicked in, smaller where it would be too large to send', async () => {
    const small = await clicked({ menuItemId: 'screenshot' }, TAB)
    expect([small?.picture, clipText(small ?? ({} as never))]).toEqual([
      'data:image/png;base64,iVBO',
      'Night trains\nhttps://trains.test/lisbon',
    ])
    expect(fake.shots).toEqual([[7, { format: 'png' }]])
    fake.state.picture = `data:image/png;base64,${'A'.repeat(7_000_000)}`
    await clicked({ menuItemId: 'screenshot' }, TAB)
    expect(fake.shots.slice(1)).toEqual([
      [7, { format: 'png' }],
      [7, { format: 'jpeg', quality: 80 }],
    ])
  })

  it('client:RCH6 a page that may not be photographed is sent by its address, and says so', async () => {
    fake.raw.tabs.captureVisibleTab = () => Promise.reject(new Error('The activeTab permission is not in effect'))
    const clip = await clicked({ menuItemId: 'screenshot' }, TAB)
    expect(clip).toMatchObject({ kind: 'screenshot', picture: '' })
    expect(clip && clipFile(clip)).toBeUndefined()
  })
})

describe('what was taken', () => {
  it('client:RCH5 comes after what stands in the draft already', () => {
    expect(appended('', 'new')).toBe('new')
    expect(appended('  \n', 'new')).toBe('new')
    expect(appended('Look:\n', 'new')).toBe('Look:\n\nnew')
  })

  it('client:RCH6 becomes a file that is what it says', async () => {
    const at = Date.parse('2026-03-01T12:00:05Z')
    const file = clipFile({ kind: 'screenshot', at, picture: `data:image/png;base64,${btoa('bytes')}` })
    expect([file?.name, file?.type, await file?.text()]).toEqual(['screenshot-2026-03-01-12-00-05.png', 'image/png', 'bytes'])
    expect(clipFile({ kind: 'screenshot', at, picture: 'data:image/jpeg;base64,AAAA' })?.name).toBe(
      'screenshot-2026-03-01-12-00-05.jpg',
    )
    // Nothing but a picture of ours becomes a file.
    for (const picture of ['data:text/html;base64,AAAA', 'https://a.test/x.png', 'data:image/svg+xml;base64,AAAA', ''])
      expect(clipFile({ kind: 'screenshot', at, picture })).toBeUndefined()
  })

  it('client:RCH5 is forgotten after an hour, alone among the settings; a value this version cannot read counts as gone', async () => {
    const id = await keepClip(db, { kind: 'words', at: 1_000, words: 'hello' })
    await db.put('settings', { key: 'settings', value: {} })
    await expireClips(db, 1_000 + 60 * 60_000)
    expect(await readClip(db, id)).toEqual({ kind: 'words', at: 1_000, words: 'hello' })
    await expireClips(db, 1_001 + 60 * 60_000)
    expect(await readClip(db, id)).toBeUndefined()
    expect(await db.getAllKeys('settings')).toEqual(['settings'])
    await db.put('settings', { key: 'clip:x', value: { kind: 'virus', at: 1 } })
    expect(await readClip(db, 'x')).toBeUndefined()
  })
})
