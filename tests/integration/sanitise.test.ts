import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/client.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { allMessages, createWebhook, NO_LIMITS, type TestWebhook } from '../support/webhook.ts'

const NASTY = 'a\r\nb\rc\0\x07\x1b[31m\t\u202edcba\u2066x\u2069\ud800 <b>&amp;</b> \ud83d\ude00'
const CLEAN = 'a\nbc[31m\t\ufffddcba\ufffdx\ufffd <b>&amp;</b> \ud83d\ude00'

describe('what strangers write', () => {
  let relay: TestRelay
  let client: TestClient
  let webhook: TestWebhook
  beforeAll(async () => {
    relay = await startRelay({ env: NO_LIMITS })
    client = await relay.client()
    webhook = await createWebhook(client)
  })
  afterAll(() => relay.close())

  it('relay:SAN1, SAN2 is cleaned in content, sender, metadata and what a channel says of itself, and keeps its < > &', async () => {
    const own = await relay.client()
    const hook = await createWebhook(own, { name: NASTY, prompt: NASTY, agentId: NASTY })
    const posted = { content: NASTY, from: NASTY, metadata: { [`k${NASTY}`]: [{ deep: NASTY }], __proto__x: 1 } }
    expect((await hook.json(posted)).status).toBe(200)
    const [message] = await allMessages(own)
    expect(message.content).toBe(CLEAN)
    expect(message.from).toBe(CLEAN.replace(/\s+/g, ' '))
    expect(message.metadata[`k${CLEAN}`]).toEqual([{ deep: CLEAN }])
    expect(message.metadata.raw.content).toBe(CLEAN)
    expect(message.metadata).toMatchObject({ channelName: CLEAN, channelPrompt: CLEAN, channelAgentId: CLEAN })
  })

  it('relay:SAN1 the same goes out on sockets', async () => {
    const socket = await client.openResumed()
    await webhook.json({ content: NASTY })
    expect((await socket.nextOf('message')).message.content).toBe(CLEAN)
    await socket.close()
  })

  it('relay:SAN1 a prototype in JSON stays data and reaches nobody’s objects', async () => {
    const own = await relay.client()
    const hook = await createWebhook(own)
    await hook.post('{"content":"x","metadata":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}', {
      'Content-Type': 'application/json',
    })
    const [message] = await allMessages(own)
    expect(message.content).toBe('x')
    expect(Object.hasOwn(message.metadata, '__proto__')).toBe(false)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('relay:SAN4 replies keep < > & as written', async () => {
    const content = 'a<b and c>d & "e" \u0000\r\n'
    expect((await client.post('/reply', { channelId: webhook.id, content })).status).toBe(200)
    const { responses } = (await client.get(`/responses/${webhook.id}`)).json
    expect(responses.at(-1).content).toBe('a<b and c>d & "e" \n')
  })
})
