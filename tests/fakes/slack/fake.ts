import { createQueue } from '../queue.ts'
import { type Event, type EventCallback, eventCallback } from './events.ts'
import { createFaults } from './faults.ts'
import type { FakeApp, FakeConversation } from './model.ts'
import { createRequestUrl } from './requestUrl.ts'
import { serveSlack } from './server.ts'
import { createSockets } from './sockets.ts'
import { createUser } from './user.ts'

/** What the manifest in the product's guide asks for. */
export const ALL_SCOPES = [
  'app_mentions:read',
  'channels:history',
  'chat:write',
  'files:read',
  'files:write',
  'groups:history',
  'im:history',
  'users:read',
]

export type FakeSlack = Awaited<ReturnType<typeof startFakeSlack>>

/**
 * A Slack workspace on loopback with one app, and as many people and channels as a test makes up: Web API, Socket Mode, Events API, files. It
 * keeps Slack's promises: events until they are confirmed, each mention told twice, the app told of its own messages.
 */
export async function startFakeSlack() {
  const apps: FakeApp[] = []
  const faults = createFaults()
  const sockets = createSockets()
  const stop = new AbortController()
  const requestUrl = createRequestUrl(stop.signal)
  const startedAt = Math.floor(Date.now() / 1000)
  let made = 0
  let requestTo: string | undefined

  /** Ids and times grow and are never the same twice. */
  const nextNumber = () => (made += 1)
  const nextTs = () => `${startedAt}.${String(nextNumber()).padStart(6, '0')}`
  const nextId = (letter: string) => `${letter}0${String(nextNumber()).padStart(8, '0')}`

  function addApp(name: string, teamId = nextId('T')): FakeApp {
    const appId = nextId('A')
    const app: FakeApp = {
      appId,
      teamId,
      name,
      botUserId: nextId('U'),
      botId: nextId('B'),
      botToken: `xoxb-${made}00000001-${made}00000002-fakeBotToken${name}`,
      appToken: `xapp-1-${appId}-${made}00000003-fakeAppToken${name}`,
      signingSecret: `${made}f0e1d2c3b4a5968778695a4b3c2d1e0f`.slice(0, 32),
      botRefused: undefined,
      appRefused: undefined,
      scopes: [...ALL_SCOPES],
      conversations: new Map(),
      users: new Map(),
      files: new Map(),
      sent: createQueue(),
      calls: createQueue(),
    }
    apps.push(app)
    return app
  }

  const app = addApp('adabot')
  const events: EventCallback[] = []
  const { baseUrl, close } = await serveSlack({ apps, faults, sockets, nextTs })

  function emit(event: Event, of = app): void {
    const payload = eventCallback(of, event, nextNumber())
    events.push(payload)
    if (requestTo === undefined) sockets.put(of, payload)
    else void requestUrl.deliver(of, requestTo, payload)
  }

  return {
    apiRoot: `${baseUrl}/api`,
    baseUrl,
    app,
    addApp,
    faults,
    sockets,
    requestUrl,
    /** What the app posted, in order. */
    sent: app.sent.all,
    nextSent: app.sent.next,
    nextTs,
    emit,
    /** Everything that was told to the apps, in order. */
    events: events as readonly EventCallback[],
    user(displayName: string) {
      const id = nextId('U')
      const person = { id, name: displayName.toLowerCase(), displayName, realName: `${displayName} Example` }
      app.users.set(id, person)
      return createUser(person, { app, baseUrl, nextTs, emit })
    },
    /** A channel the app is a member of. */
    channel(kind: FakeConversation['kind'] = 'channel'): FakeConversation {
      const conversation: FakeConversation = { id: nextId('C'), kind, archived: false, messages: [] }
      app.conversations.set(conversation.id, conversation)
      return conversation
    },
    /** The app is installed again with a new bot token; the old one is refused. */
    renewToken(): string {
      app.botToken = `${app.botToken}2`
      return app.botToken
    },
    /** From now on events are posted there instead of being sent by socket. */
    postEventsTo(url: string): void {
      requestTo = url
    },
    async close(): Promise<void> {
      stop.abort()
      await close()
    },
  }
}
