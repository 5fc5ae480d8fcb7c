import { beforeEach, describe, expect, it } from 'vitest'
import { startBackground } from '../../../lib/app/background.ts'
import { changeSettings } from '../../../lib/app/settings.ts'
import type { Database } from '../../../lib/database/open.ts'
import { backgroundWorld } from './support/background.ts'
import type { FakeChrome } from './support/chrome.ts'
import { receive } from './support/inbox.ts'
import { message } from './support/modelRelay.ts'
import { texts } from './support/noticeTexts.ts'
import { settle, until } from './support/timers.ts'

let fake: FakeChrome
let db: Database
const { ask, start, arrived, coming } = backgroundWorld((world) => {
  fake = world.fake
  db = world.db
})

describe('notifications', () => {
  const target = (conversationId: string, seq: number) =>
    JSON.stringify({ profileId: 'default', conversationId, messageId: `m${seq}` })
  beforeEach(start)

  it('client:INB4 none before the question is answered, none when switched off', async () => {
    await coming(1)
    await changeSettings(db, 'default', { notifications: 'off' })
    await coming(2)
    expect(fake.notices.size).toBe(0)
  })

  it('client:INB3 shows sender and channel, the content only by setting, with Reply and Mark as read', async () => {
    await changeSettings(db, 'default', { notifications: 'on' })
    await coming(1)
    expect(fake.notices.get(target('c:1', 1))).toMatchObject({
      title: 'Ada on telegram',
      message: 'New message',
      buttons: [{ title: 'Reply' }, { title: 'Mark as read' }],
    })
    await changeSettings(db, 'default', { notificationContent: true })
    await coming(2, { chatId: '-9', chatType: 'group', chatTitle: 'Ops room' })
    expect(fake.notices.get(target('c:-9', 2))).toMatchObject({ title: 'Ada on Ops room', message: 'message 2' })
    expect(fake.notices.get(target('c:-9', 2))?.contextMessage).toBeUndefined()
    await receive(db, [
      message(3, { content: '**Done:** see [the log](https://a.test/log)\n```\nexit 0\n```' }),
      message(6, { content: '' }),
    ])
    await arrived(['m3', 'm6'].map((id) => ({ id, conversationId: 'c:0' })))
    expect(fake.notices.get(target('c:0', 6))).toMatchObject({ message: 'New message' })
    await arrived([{ id: 'm3', conversationId: 'c:0' }])
    expect(fake.notices.get(target('c:0', 3))).toMatchObject({ message: 'Done: see the log exit 0' })
  })

  it('client:PRF4 names the profile where there are several', async () => {
    await changeSettings(db, 'default', { notifications: 'on' })
    await db.put('profiles', { id: 'work', name: 'work', relayUrl: 'https://b.test', createdAt: 1, stopped: true })
    await coming(1)
    expect(fake.notices.get(target('c:1', 1))).toMatchObject({ contextMessage: 'Home' })
  })

  it('client:INB4, PRF4 each profile counts its own burst, has a switch of its own, and is forgotten when it is deleted', async () => {
    await db.put('profiles', { id: 'work', name: 'work', relayUrl: 'https://b.test', createdAt: 1, stopped: true })
    await changeSettings(db, 'default', { notifications: 'on' })
    const at = (profileId: string) => [...fake.notices.keys()].filter((id) => JSON.parse(id).profileId === profileId).length
    const burst = (from: number) =>
      [0, 1, 2, 3, 4, 5].map((index) => message(from + index, { metadata: { chatId: String(index) } }))
    const told = async (profileId: string, from: number) => {
      await receive(db, burst(from), profileId)
      for (const { id } of burst(from))
        await ask('arrivals', 'arrived', { profileId, messages: [{ id, conversationId: '' }], bulk: false })
    }
    await told('default', 1)
    expect([at('default'), at('work')]).toEqual([6, 0])
    await told('work', 1)
    expect([at('default'), at('work')]).toEqual([6, 6])
    expect(fake.notices.get(JSON.stringify({ profileId: 'work' }))).toMatchObject({ message: 'Unread: 6', contextMessage: 'work' })
    expect(fake.state.badge).toBe('12')
    await changeSettings(db, 'default', { profileNotifications: false })
    fake.notices.clear()
    await told('default', 7)
    expect(fake.notices.size).toBe(0)
    await told('work', 7)
    expect(at('work')).toBeGreaterThan(0)
    await db.delete('profiles', 'work')
    await ask('profiles', 'changed', { profileId: 'work' })
    expect(fake.notices.size).toBe(0)
    expect(fake.state.badge).toBe('12')
    expect(fake.state.sent.at(-1)).toMatchObject({ to: 'offscreen', name: 'sync' })
  })

  it('client:INB3 a click opens the conversation at that message in a small window, once; Reply puts the cursor in its box; Mark as read marks it', async () => {
    await changeSettings(db, 'default', { notifications: 'on' })
    await coming(1)
    const page = 'chrome-extension://own/popup.html?profile=default'
    await fake.raw.notifications.onClicked.fire(target('c:1', 1))
    expect(fake.windows).toEqual([{ url: `${page}#/conversation/c%3A1/m1`, id: 0, focused: 0 }])
    await fake.raw.notifications.onButtonClicked.fire(target('c:1', 1), 0)
    expect(fake.windows).toEqual([{ url: `${page}#/reply/c%3A1/m1`, id: 0, focused: 1 }])
    await fake.raw.notifications.onClicked.fire(target('c:1', 4))
    expect(fake.windows).toEqual([{ url: `${page}#/conversation/c%3A1/m4`, id: 0, focused: 2 }])
    // Another conversation whose name begins the same is another one.
    await fake.raw.notifications.onClicked.fire(target('c:11', 1))
    expect(fake.windows).toHaveLength(2)
    await coming(4)
    await fake.raw.notifications.onButtonClicked.fire(target('c:1', 4), 1)
    expect((await db.get('conversations', ['default', 'c:1']))?.unread).toBe(0)
    expect(fake.notices.size).toBe(0)
    await fake.raw.notifications.onClicked.fire('something else')
    expect(fake.windows).toHaveLength(2)
  })

  it('client:INB3 a conversation has one notification, of its newest message', async () => {
    await changeSettings(db, 'default', { notifications: 'on' })
    for (const seq of [1, 2, 4]) await coming(seq)
    expect([...fake.notices.keys()].sort()).toEqual([target('c:1', 4), target('c:2', 2)])
  })

  it('client:INB4 more than 5 in 10 s become one summary, also over the worker’s death', async () => {
    await changeSettings(db, 'default', { notifications: 'on' })
    for (const seq of [1, 2, 3]) await coming(seq)
    startBackground(fake.chrome, texts)
    await settle()
    for (const seq of [4, 5, 6]) await coming(seq)
    expect(fake.notices.get(JSON.stringify({ profileId: 'default' }))).toMatchObject({
      title: 'New messages',
      message: 'Unread: 6',
    })
    expect(fake.notices.size).toBe(4)
  })

  it('client:INB4 a burst told all at once is counted one by one, and becomes one summary too', async () => {
    await changeSettings(db, 'default', { notifications: 'on' })
    const burst = Array.from({ length: 8 }, (_one, index) => message(index + 1, { metadata: { chatId: String(index) } }))
    await receive(db, burst)
    await Promise.all(burst.map(({ id }) => arrived([{ id, conversationId: '' }])))
    expect(fake.notices.size).toBe(5 + 1)
    expect(fake.notices.has(JSON.stringify({ profileId: 'default' }))).toBe(true)
  })

  it('client:INB4 what came in bulk is one summary', async () => {
    await changeSettings(db, 'default', { notifications: 'on' })
    await receive(db, [message(1), message(2)])
    await arrived(
      ['m1', 'm2'].map((id) => ({ id, conversationId: 'c:1' })),
      true,
    )
    expect([...fake.notices.values()].map(({ message: text }) => text)).toEqual(['Unread: 2'])
  })

  it('client:MRK4 a muted conversation makes no notification and no badge, and does again when its time is over', async () => {
    await changeSettings(db, 'default', { notifications: 'on' })
    await coming(3)
    const marked = (change: object) => ask('inbox', 'mark', { profileId: 'default', conversationId: 'c:0', change })
    expect(await marked({ mutedUntil: Date.now() + 60_000 })).toMatchObject({ ok: true })
    // What was told of it before is taken back.
    expect([fake.notices.size, fake.state.badge]).toEqual([0, ''])
    await coming(6)
    await coming(7)
    expect([...fake.notices.keys()].map((id) => JSON.parse(id).messageId)).toEqual(['m7'])
    expect(fake.state.badge).toBe('1')
    await db.put('marks', { profileId: 'default', conversationId: 'c:0', mutedUntil: Date.now() - 1 })
    await fake.raw.alarms.onAlarm.fire({ name: 'watchdog' })
    await until(() => fake.state.badge === '3', 'the badge of what is no longer muted')
  })

  it('client:REC1 says that the relay lost the session', async () => {
    await ask('arrivals', 'sessionLost', { profileId: 'default' })
    expect([...fake.notices.values()].map(({ title }) => title)).toEqual(['The relay lost this session'])
  })
})
