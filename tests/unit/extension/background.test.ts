import { describe, expect, it } from 'vitest'
import { startBackground } from '../../../lib/app/background.ts'
import { readBadge } from '../../../lib/app/badge.ts'
import { changeSettings, readSettings } from '../../../lib/app/settings.ts'
import type { Database } from '../../../lib/database/open.ts'
import { createChoreHandlers } from '../../../lib/inbox/choreHandlers.ts'
import { backgroundWorld } from './support/background.ts'
import type { FakeChrome } from './support/chrome.ts'
import { receive } from './support/inbox.ts'
import { message } from './support/modelRelay.ts'
import { texts } from './support/noticeTexts.ts'
import { settle } from './support/timers.ts'

let fake: FakeChrome
let db: Database
const { ask, start, arrived, coming } = backgroundWorld((world) => {
  fake = world.fake
  db = world.db
})

describe('the service worker', () => {
  it('client:ARC2 every listener is attached in the first turn', () => {
    startBackground(fake.chrome, texts)
    const { runtime, alarms, notifications, commands, contextMenus, omnibox } = fake.raw
    for (const one of [
      runtime.onMessage,
      runtime.onInstalled,
      runtime.onStartup,
      alarms.onAlarm,
      notifications.onClicked,
      notifications.onButtonClicked,
      commands.onCommand,
      contextMenus.onClicked,
      omnibox.onInputChanged,
      omnibox.onInputEntered,
    ])
      expect(one.listeners).toHaveLength(1)
  })

  it('client:ARC2 makes one offscreen document, asked as often and from as many places as it may be', async () => {
    await start()
    fake.state.documents = 0
    await Promise.all([
      fake.raw.alarms.onAlarm.fire({ name: 'watchdog' }),
      fake.raw.alarms.onAlarm.fire({ name: 'watchdog' }),
      ask('connection', 'reconnect', { profileId: 'default' }),
    ])
    expect([fake.state.documents, fake.state.creating]).toEqual([1, 2])
  })

  it('client:ARC2 creates the watchdog only if there is none', async () => {
    await start()
    startBackground(fake.chrome, texts)
    await settle()
    expect(fake.created).toEqual(['watchdog'])
    expect(fake.alarms.get('watchdog')).toEqual({ periodInMinutes: 1 })
  })

  it('client:CRG1 makes the profile by itself', async () => {
    await start()
    expect(await db.get('profiles', 'default')).toMatchObject({ relayUrl: 'http://127.0.0.1:8787', stopped: false })
  })

  it('client:IDN2, ARC7 answers nobody but the extension’s own contexts, and no call it does not know', async () => {
    await start()
    expect(await ask('settings', 'get', { profileId: 'default' }, 'stranger')).toMatchObject({ failure: { code: 'not_taken' } })
    expect(await ask('settings', 'erase')).toMatchObject({ ok: false, failure: { code: 'unknown_call' } })
    expect(await ask('settings', 'set', { profileId: 'default', change: { theme: 7 } })).toMatchObject({ ok: false })
    expect(await ask('settings', 'get', { profileId: 'default' })).toMatchObject({ ok: true, output: { notifications: 'ask' } })
  })

  it('client:ARC3, CRP1 a reply is stored although the offscreen document does not answer, and survives the worker', async () => {
    await start()
    await receive(db, [message(1)])
    fake.raw.runtime.sendMessage = () => Promise.reject(new Error('no receiver'))
    const sent = await ask('inbox', 'send', { profileId: 'default', conversationId: 'c:1', content: 'hello', attachments: [] })
    expect(sent.ok).toBe(true)
    expect((await db.getAll('replies')).map(({ content, state }) => [content, state])).toEqual([['hello', 'sending']])
  })
})

describe('settings', () => {
  it('client:INB4 a change of one leaves the others; an unreadable value counts as not set', async () => {
    await changeSettings(db, 'default', { notifications: 'on' })
    await changeSettings(db, 'default', { theme: 'dark', notificationContent: undefined })
    expect(await readSettings(db, 'default')).toMatchObject({ notifications: 'on', theme: 'dark', notificationContent: false })
    await db.put('settings', { key: 'settings', value: { notifications: 'maybe' } })
    expect(await readSettings(db, 'default')).toMatchObject({ notifications: 'ask', theme: 'system' })
  })
})

describe('the badge', () => {
  it('client:INB2 counts what is unread in all profiles, 99+ above, ! when one needs the user', async () => {
    await start()
    await coming(1)
    expect(fake.state.badge).toBe('1')
    await receive(
      db,
      Array.from({ length: 98 }, (_one, index) => message(index + 2)),
    )
    expect((await readBadge(db, 1)).text).toBe('99')
    await receive(db, [message(100)])
    expect((await readBadge(db, 1)).text).toBe('99+')
    for (const state of ['blocked', 'auth_error'] as const) {
      await db.put('connections', { profileId: 'other', state, since: 1 })
      await ask('arrivals', 'connectionChanged', { profileId: 'other' })
      expect([fake.state.badge, fake.state.icon]).toEqual(['!', '/icon/blocked-16.png'])
    }
    await db.put('connections', { profileId: 'other', state: 'reconnecting', since: 1 })
    expect(await readBadge(db, 1)).toEqual({ text: '99+', icon: 'reconnecting-' })
  })

  it('client:INB2 a count that takes its time does not come to stand over a newer !', async () => {
    await start()
    await receive(db, [message(1)])
    let slow = true
    fake.raw.action.setBadgeBackgroundColor = async () => {
      if (!slow) return undefined
      slow = false
      await settle(30)
      return undefined
    }
    const counting = arrived([{ id: 'm1', conversationId: 'c:1' }])
    await settle(4)
    await db.put('connections', { profileId: 'other', state: 'blocked', since: 1 })
    await Promise.all([counting, ask('arrivals', 'connectionChanged', { profileId: 'other' })])
    expect(fake.state.badge).toBe('!')
  })

  it('client:INB2, INB5 reading takes it down', async () => {
    await start()
    await coming(1)
    await ask('inbox', 'markRead', { profileId: 'default', conversationId: 'c:1' })
    expect(fake.state.badge).toBe('')
  })

  it('client:INB2, INB5 so does deleting, with what was told of it', async () => {
    await start()
    await changeSettings(db, 'default', { notifications: 'on' })
    await coming(1)
    expect(fake.notices.size).toBe(1)
    const gone = Promise.withResolvers<unknown>()
    const handlers = createChoreHandlers({
      db,
      tell: () => undefined,
      onRemoved: (profileId, conversationId) => gone.resolve(ask('arrivals', 'removed', { profileId, conversationId })),
    })
    await handlers.removeConversation({ profileId: 'default', conversationId: 'c:1' })
    await gone.promise
    expect([fake.state.badge, fake.notices.size]).toEqual(['', 0])
  })
})
