import { createHmac } from 'node:crypto'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/client.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { mutations } from '../support/mutations.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { createWebhook, NO_LIMITS, type TestWebhook } from '../support/webhook.ts'

const BODY = '{"content":"signed","n":1}'
const TYPE = { 'Content-Type': 'application/json' }

describe('signed webhooks', () => {
  let relay: TestRelay
  let client: TestClient
  beforeAll(async () => {
    relay = await startRelay({ env: NO_LIMITS })
    client = await relay.client()
  })
  afterAll(() => relay.close())

  const signing = async (webhook: TestWebhook, scheme?: string, owner = client): Promise<string> => {
    const answer = await owner.post(`/channels/${webhook.id}/rotate-secret`, { which: 'signing', ...(scheme && { scheme }) })
    expect(answer.status).toBe(200)
    return answer.json.secret
  }

  function standardHeaders(secret: string, body = BODY, id = 'msg_1', at = new Date()): Record<string, string> {
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new StandardWebhook(secret).sign(id, at, body),
    }
  }

  it('relay:WH8 what standardwebhooks and svix sign is accepted, of several signatures any', async () => {
    const webhook = await createWebhook(client)
    const secret = await signing(webhook, 'standard')
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const at = new Date()
    const bySvix = {
      'webhook-id': 'msg_2',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new SvixWebhook(secret).sign('msg_2', at, BODY),
    }
    expect((await webhook.post(BODY, { ...TYPE, ...standardHeaders(secret) })).status).toBe(200)
    expect((await webhook.post(BODY, { ...TYPE, ...bySvix })).status).toBe(200)
    const several = standardHeaders(secret, BODY, 'msg_3')
    several['webhook-signature'] = `v1a,AAAA v1,${'A'.repeat(43)}= ${several['webhook-signature']}`
    expect((await webhook.post(BODY, { ...TYPE, ...several })).status).toBe(200)
  })

  it('relay:CH3, CH13, WH10 whoever makes a channel may bring its signing secret, so that it can be rebuilt as it was; it is never shown', async () => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
    const made = async (metadata: object) => client.post('/channels', { name: 'rebuilt', metadata })
    const { channel, webhookUrl } = (await made({ signingScheme: 'standard', signingSecret: secret })).json
    expect(channel.metadata).toEqual({ signingScheme: 'standard', webhookSecret: expect.any(String) })
    const post = (headers: Record<string, string>) =>
      send(relay.url, webhookUrl.slice(relay.url.length), { method: 'POST', body: BODY, headers: { ...TYPE, ...headers } })
    expect((await post({})).json.code).toBe('bad_signature')
    expect((await post(standardHeaders(secret))).status).toBe(200)
    const listed = (await client.get('/channels')).json.channels.find(({ id }: { id: string }) => id === channel.id)
    expect(listed.metadata).toEqual({ signingScheme: 'standard' })
    for (const wrong of [
      { signingScheme: 'standard' },
      { signingSecret: secret },
      { signingScheme: 'none', signingSecret: secret },
      { signingScheme: 'github', signingSecret: 'short' },
      { signingScheme: 'standard', signingSecret: 'whsec_!!!!!!!!!!!!!!!!!!!!!!!!' },
      { signingScheme: 'standard', signingSecret: 'whsec_AAAA' },
    ])
      expect(await made(wrong), JSON.stringify(wrong)).toMatchObject({ status: 400, json: { code: 'invalid_field' } })
  })

  it('relay:WH8 of 1,000 mutated Standard Webhooks posts none is accepted; the reference libraries refuse them too', async () => {
    const webhook = await createWebhook(client)
    const secret = await signing(webhook, 'standard')
    const right: Record<string, string> & { body: string } = { ...standardHeaders(secret), body: BODY }
    const svix = new SvixWebhook(secret)
    const standard = new StandardWebhook(secret)
    let refused = 0
    for (const { body, ...headers } of mutations(right, 1000, 7)) {
      const answer = await webhook.post(body, { ...TYPE, ...headers })
      expect(answer.json.code, JSON.stringify({ body, headers })).toBe('bad_signature')
      // They read a timestamp as far as it is a number, which changes nothing that is signed.
      const respelled = Number.parseInt(headers['webhook-timestamp'] ?? '', 10) === Number(right['webhook-timestamp'])
      if (!respelled || headers['webhook-timestamp'] === right['webhook-timestamp']) {
        expect(() => svix.verify(body, headers)).toThrow()
        expect(() => standard.verify(body, headers)).toThrow()
      }
      refused += 1
    }
    expect(refused).toBe(1000)
    const { body, ...headers } = right
    expect((await webhook.post(body, { ...TYPE, ...headers })).status).toBe(200)
  })

  it('relay:WH9 GitHub signatures are accepted, and of 1,000 mutated ones none', async () => {
    const webhook = await createWebhook(client)
    const secret = await signing(webhook, 'github')
    const right = { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(BODY).digest('hex')}`, body: BODY }
    for (const { body, ...headers } of mutations(right, 1000, 11))
      expect((await webhook.post(body, { ...TYPE, ...headers })).json.code, JSON.stringify({ body, headers })).toBe('bad_signature')
    const { body, ...headers } = right
    expect((await webhook.post(body, { ...TYPE, ...headers })).status).toBe(200)
    const sha1 = { 'x-hub-signature': `sha1=${createHmac('sha1', secret).update(BODY).digest('hex')}` }
    expect((await webhook.post(BODY, { ...TYPE, ...sha1 })).status).toBe(401)
  })

  it('relay:WH8 a timestamp may be off by 300 s, not more', async () => {
    const clock = createFakeClock()
    const own = await startRelay({ env: NO_LIMITS, clock })
    try {
      const owner = await own.client()
      const webhook = await createWebhook(owner)
      const secret = await signing(webhook, 'standard', owner)
      const post = async (seconds: number) =>
        (await webhook.post(BODY, standardHeaders(secret, BODY, `msg${seconds}`, new Date(clock.now() + seconds * 1000)))).status
      expect([await post(-300), await post(300), await post(-301), await post(301)]).toEqual([200, 200, 401, 401])
      const garbage = { ...standardHeaders(secret), 'webhook-timestamp': new Date(clock.now()).toISOString() }
      expect((await webhook.post(BODY, garbage)).status).toBe(401)
    } finally {
      await own.close()
    }
  })

  it('relay:WH10 token and signature are both needed, and each scheme wants its own signature', async () => {
    const webhook = await createWebhook(client)
    const secret = await signing(webhook, 'standard')
    const headers = standardHeaders(secret, BODY, 'msg_10')
    expect((await webhook.post(BODY, headers, `/webhook/${webhook.id}?token=wrong`)).json.code).toBe('invalid_token')
    expect((await webhook.post(BODY)).json.code).toBe('bad_signature')
    const github = { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(BODY).digest('hex')}` }
    expect((await webhook.post(BODY, github)).json.code).toBe('bad_signature')
    expect((await webhook.post(BODY, headers)).status).toBe(200)
  })

  it('relay:WH10, CH13 the signing secret before passes for 24 h, and none switches signing off', async () => {
    const clock = createFakeClock()
    const own = await startRelay({ env: NO_LIMITS, clock })
    try {
      const owner = await own.client()
      const webhook = await createWebhook(owner)
      const post = async (secret: string, id: string) =>
        (await webhook.post(BODY, standardHeaders(secret, BODY, id, new Date(clock.now())))).status
      const first = await signing(webhook, 'standard', owner)
      const second = await owner.post(`/channels/${webhook.id}/rotate-secret`, { which: 'signing' })
      expect(second.json.secret).toMatch(/^whsec_/)
      expect(second.json.previousValidUntil).toBe(new Date(clock.now() + 24 * 3600_000).toISOString())
      expect([await post(first, 'a'), await post(second.json.secret, 'b')]).toEqual([200, 200])
      await clock.advance(24 * 3600_000)
      expect([await post(first, 'c'), await post(second.json.secret, 'd')]).toEqual([401, 200])
      const third = await signing(webhook, 'github', owner)
      expect(await post(second.json.secret, 'e')).toBe(200)
      expect(third).not.toMatch(/^whsec_/)
      expect((await webhook.post('unsigned')).status).toBe(401)
      await owner.post(`/channels/${webhook.id}/rotate-secret`, { which: 'signing', scheme: 'none' })
      expect((await webhook.post('unsigned')).status).toBe(200)
    } finally {
      await own.close()
    }
  })

  it('relay:CH13 the token before passes for 24 h, the one before that not at all', async () => {
    const clock = createFakeClock()
    const own = await startRelay({ env: NO_LIMITS, clock })
    try {
      const owner = await own.client()
      const webhook = await createWebhook(owner)
      const rotate = () => owner.post(`/channels/${webhook.id}/rotate-secret`, { which: 'url' })
      const status = async (token: string) => (await webhook.post('x', {}, `/webhook/${webhook.id}?token=${token}`)).status
      const { secret: second, webhookUrl, previousValidUntil } = (await rotate()).json
      expect(webhookUrl).toBe(`${own.url}/webhook/${webhook.id}?token=${second}`)
      expect(previousValidUntil).toBe(new Date(clock.now() + 24 * 3600_000).toISOString())
      expect([await status(webhook.secret), await status(second)]).toEqual([200, 200])
      const { secret: third } = (await rotate()).json
      expect([await status(webhook.secret), await status(second), await status(third)]).toEqual([401, 200, 200])
      await own.restart()
      expect([await status(webhook.secret), await status(second), await status(third)]).toEqual([401, 200, 200])
      await clock.advance(24 * 3600_000)
      expect([await status(second), await status(third)]).toEqual([401, 200])
    } finally {
      await own.close()
    }
  })

  it('relay:CH13 a wrong rotation changes nothing', async () => {
    const webhook = await createWebhook(client)
    const rotate = async (body: unknown, id = webhook.id) => client.post(`/channels/${id}/rotate-secret`, body)
    expect(await rotate({})).toMatchObject({ status: 400, json: { code: 'missing_field' } })
    expect(await rotate({ which: 'all' })).toMatchObject({ status: 400, json: { code: 'invalid_field' } })
    expect(await rotate({ which: 'signing', scheme: 'md5' })).toMatchObject({ status: 400, json: { code: 'invalid_field' } })
    await client.post('/channels', { type: 'telegram', id: 'norotate' })
    expect(await rotate({ which: 'url' }, 'norotate')).toMatchObject({ status: 400, json: { code: 'wrong_channel_type' } })
    expect((await webhook.post('x')).status).toBe(200)
  })
})
