import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, vi } from 'vitest'
import { startBackground } from '../../../../lib/app/background.ts'
import { type Database, openDatabase } from '../../../../lib/database/open.ts'
import { createFakeChrome, type FakeChrome } from './chrome.ts'
import { receive } from './inbox.ts'
import { message } from './modelRelay.ts'
import { texts } from './noticeTexts.ts'
import { settle, until } from './timers.ts'

/** A service worker per test, over a browser that notes what it is told; `begin` gets both before each test. */
export function backgroundWorld(begin: (world: { fake: FakeChrome; db: Database }) => void) {
  let fake: FakeChrome
  let db: Database

  beforeEach(async () => {
    vi.stubGlobal('indexedDB', new IDBFactory())
    // Nothing answers: what the worker asks the relay fails quietly, as it does on a fresh install without one.
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no relay')))
    fake = createFakeChrome()
    db = await openDatabase()
    begin({ fake, db })
  })
  afterEach(() => {
    db.close()
    vi.unstubAllGlobals()
  })

  /** A call as a page or the offscreen document makes it. */
  function ask(
    scope: string,
    name: string,
    input?: unknown,
    id = 'own',
  ): Promise<{ ok: boolean; output?: unknown; failure?: { code: string } }> {
    return new Promise((resolve) => {
      const envelope = { chaos: 1, to: 'background', scope, name, input }
      const [listener] = fake.raw.runtime.onMessage.listeners
      const taken = (listener as unknown as (...args: unknown[]) => unknown)(envelope, { id }, resolve)
      if (taken !== true) resolve({ ok: false, failure: { code: 'not_taken' } })
    })
  }

  async function start(): Promise<void> {
    startBackground(fake.chrome, texts)
    await until(() => fake.state.documents === 1, 'the offscreen document')
    await settle()
  }
  const arrived = (messages: { id: string; conversationId: string }[], bulk = false) =>
    ask('arrivals', 'arrived', { profileId: 'default', messages, bulk })
  const coming = async (seq: number, metadata = message(seq).metadata) => {
    await receive(db, [message(seq, { metadata })])
    await arrived([{ id: `m${seq}`, conversationId: `c:${metadata.chatId}` }])
  }

  return { ask, start, arrived, coming }
}
