import { afterEach, describe, expect, it } from 'vitest'
import { ADMIN_KEY, signIn } from '../support/admin.ts'
import { type BearerClient, createBearerClient } from '../support/legacy/bearerClient.ts'
import { createKeyedClient, type KeyedClient } from '../support/legacy/keyedClient.ts'
import { startRelay } from '../support/relay.ts'
import { NO_LIMITS } from '../support/webhook.ts'

describe('existing clients', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })

  async function start() {
    const relay = await startRelay({ env: { ...NO_LIMITS, CHAOS_ADMIN_KEY: ADMIN_KEY } })
    undo.push(() => relay.close())
    return relay
  }
  async function bearer(url: string): Promise<BearerClient> {
    const client = await createBearerClient(url)
    undo.push(() => client.close())
    return client
  }
  function keyed(url: string, identity?: KeyedClient['identity']): KeyedClient {
    const client = createKeyedClient(url, identity)
    undo.push(() => client.close())
    return client
  }
  /** A webhook channel and posts to it, as somebody else makes them. */
  async function webhook({ request }: Pick<BearerClient, 'request'>) {
    const answer = await request('POST', '/channels', { name: 'door' })
    expect(answer.status).toBe(201)
    const { channel, webhookUrl } = (await answer.json()) as { channel: { id: string }; webhookUrl: string }
    const say = async (content: string) => {
      const said = await fetch(webhookUrl, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ content }),
      })
      expect(said.status).toBe(200)
    }
    return { id: channel.id, say }
  }
  const contents = ({ messages }: { messages: { content: string }[] }) => messages.map(({ content }) => content)

  describe('unsigned, with the apiKey in the address of the socket', () => {
    it('relay:REG1, WS2, WS6, AUTH3, CUR5 catches up by time, then hears what comes, over a restart, each message once', async () => {
      const relay = await start()
      const client = await bearer(relay.url)
      const door = await webhook(client)
      for (const text of ['1', '2', '3']) await door.say(text)
      await client.poll()
      expect(contents(client)).toEqual(['1', '2', '3'])
      await client.connect()
      await door.say('4')
      await client.until(() => client.messages.length === 4)
      await client.close()
      await door.say('5')
      await relay.restart()
      await door.say('6')
      await client.poll()
      expect(contents(client)).toEqual(['1', '2', '3', '4', '5', '6'])
      await client.connect()
      await door.say('7')
      await client.until(() => client.messages.length === 7)
      await client.poll()
      expect(contents(client)).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    })

    it('relay:WS13, WS6, REP13 every reply gets its own answer when they are settled oldest first, with pings and refusals between', async () => {
      const { url } = await start()
      const client = await bearer(url)
      const stranger = await bearer(url)
      const [door, foreign] = [await webhook(client), await webhook(stranger)]
      await client.connect()
      const wanted = Array.from({ length: 120 }, (_, index) => {
        if (index % 5 === 1) return { channelId: foreign.id, content: `foreign ${index}`, error: /channel/i }
        if (index % 5 === 2) return { channelId: door.id, content: '', error: /Missing channelId or content/ }
        if (index % 5 === 3) return { channelId: door.id, content: `long ${index} ${'x'.repeat(60_000)}`, error: undefined }
        return { channelId: door.id, content: `short ${index}`, error: undefined }
      })
      const settled = await Promise.all(
        wanted.map(({ channelId, content }, index) => {
          if (index % 7 === 0) client.ping()
          return client.reply(channelId, content)
        }),
      )
      const taken = wanted.flatMap(({ content, error }, index) => {
        const answer = settled[index]
        if (error === undefined) return [{ id: answer?.ok ? answer.responseId : answer?.error, content }]
        expect(answer).toMatchObject({ ok: false, error: expect.stringMatching(error) })
        return []
      })
      const read = await client.request('GET', `/responses/${door.id}?limit=500`)
      const { responses } = (await read.json()) as { responses: { id: string; content: string; from: string }[] }
      expect(responses.map(({ id, content }) => ({ id, content }))).toEqual(taken)
      expect(responses.every(({ from }) => from === 'agent')).toBe(true)
      await client.until(() => client.pongs() === 18)
    })
  })

  describe('with a key it does not sign its registration with', () => {
    it('relay:REG3, REG4, SIG1, WS2 has its session back each time it registers, signs v1, and hears its messages', async () => {
      const { url } = await start()
      const client = keyed(url)
      expect(await client.register()).toBe(200)
      const first = { userId: client.userId(), apiKey: client.apiKey() }
      const door = await webhook(client)
      expect(await client.connect()).toBe(0)
      await door.say('hello')
      expect(await client.register()).toBe(200)
      expect({ userId: client.userId(), apiKey: client.apiKey() }).toEqual(first)
      const polled = await client.request('GET', '/messages?limit=1')
      expect(((await polled.json()) as { messages: unknown[] }).messages).toHaveLength(1)
      const unsigned = await fetch(`${url}/messages`, { headers: { Authorization: `Bearer ${client.apiKey()}` } })
      expect(unsigned.status).toBe(401)
    })

    it('relay:REG4, WS1 with an apiKey that opens nothing, two handshakes are refused and registering again brings the session back', async () => {
      const { url } = await start()
      const client = keyed(url)
      await client.register()
      const userId = client.userId()
      const door = await webhook(client)
      await door.say('kept')
      client.use({ apiKey: 'chaos_of-another-relay' })
      expect(await client.connect()).toBe(2)
      expect({ userId: client.userId(), registrations: client.registrations() }).toEqual({ userId, registrations: 2 })
      await expect.poll(() => contents(client)).toEqual(['kept'])
    })

    it('relay:REG3, ADM8, WS15 deleted by the operator it is closed with 1008, refused twice, and begins anew with the same key', async () => {
      const { url } = await start()
      const client = keyed(url)
      await client.register()
      const before = client.userId()
      const door = await webhook(client)
      await client.connect()
      const closed = client.closed()
      const admin = await signIn(url)
      expect((await admin.del(`/admin/sessions/${before}`)).status).toBe(200)
      expect(await closed).toBe(1008)
      expect(await client.connect()).toBe(2)
      expect(client.userId()).not.toBe(before)
      const again = await webhook(client)
      await again.say('new life')
      await expect.poll(() => contents(client)).toEqual(['new life'])
      expect((await client.request('DELETE', `/channels/${door.id}`)).status).toBe(404)
    })

    it('relay:REG5 once its key has signed a registration, the unsigned one opens nothing any more', async () => {
      const relay = await start()
      const client = keyed(relay.url)
      await client.register()
      const { userId } = await relay.client({ identity: client.identity })
      expect(userId).toBe(client.userId())
      expect(await client.connect()).toBe(0)
      await client.close()
      client.use({ apiKey: 'chaos_lost' })
      await expect(client.connect()).rejects.toThrow('the registration was answered 401')
    })
  })
})
