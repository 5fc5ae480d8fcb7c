import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/client.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { createWebhook, NO_LIMITS } from '../support/webhook.ts'

describe('channels', () => {
  let relay: TestRelay
  let client: TestClient
  let stranger: TestClient
  beforeAll(async () => {
    relay = await startRelay({ env: NO_LIMITS })
    client = await relay.client()
    stranger = await relay.client()
  })
  afterAll(() => relay.close())

  const list = async (owner = client) => (await owner.get('/channels')).json.channels
  const create = (body: unknown, owner = client) => owner.post('/channels', body)

  it('relay:CH1, CH2 every type can be created, others cannot, and everything given is kept', async () => {
    const own = await relay.client()
    for (const type of ['webhook', 'telegram', 'discord', 'slack', 'email']) {
      const { status, json } = await create({ type }, own)
      expect(status).toBe(201)
      expect(json.channel).toMatchObject({
        type,
        agentId: '',
        enabled: true,
        direction: type === 'webhook' ? 'inbound' : 'bidirectional',
        status: { state: type === 'webhook' ? 'ok' : 'not_configured' },
      })
      expect(json.channel.id).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    }
    for (const type of ['sms', 'Webhook', '', 5, ['webhook'], {}])
      expect(await create({ type }, own)).toMatchObject({ status: 400, json: { code: 'invalid_type' } })
    const full = {
      id: 'my_Own-1',
      name: 'CI',
      prompt: 'Be brief.',
      direction: 'bidirectional',
      agentId: 'claude',
      enabled: false,
      runInBackground: true,
      notifyOnComplete: false,
      metadata: { team: { name: 'infra' }, allowedUsers: ['7'] },
    }
    expect((await create(full, own)).status).toBe(201)
    const { createdAt, status, webhookUrl, ...kept } = (await list(own)).at(-1)
    expect(kept).toEqual({ ...full, type: 'webhook', takenOver: [] })
    expect(status).toEqual({ state: 'disabled' })
    expect(webhookUrl).toContain('/webhook/my_Own-1?token=')
    expect(Date.parse(createdAt)).toBeGreaterThan(0)
  })

  it('relay:CH3 the answer, and only it, tells the secret; the URL carries it', async () => {
    const own = await relay.client()
    const given = await create({ metadata: { webhookSecret: 'my secret & more', note: 1 } }, own)
    expect(given.json.channel.metadata).toEqual({ note: 1, webhookSecret: 'my secret & more' })
    expect(given.json.webhookUrl).toBe(`${relay.url}/webhook/${given.json.channel.id}?token=my%20secret%20%26%20more`)
    const random = await create({}, own)
    expect(random.json.channel.metadata.webhookSecret).toMatch(/^[A-Za-z0-9_-]{32}$/)
    for (const webhookSecret of ['short', '', 12345678, null, 'x'.repeat(300)])
      expect(await create({ metadata: { webhookSecret } }, own)).toMatchObject({ status: 400, json: { code: 'invalid_field' } })
    for (const channel of await list(own)) expect(channel.metadata).not.toHaveProperty('webhookSecret')
    expect(await list(own)).toHaveLength(2)
  })

  it('relay:CH4 the same channel asked for again is answered alike, and once in the list', async () => {
    const own = await relay.client()
    const first = await create({ id: 'again', metadata: { webhookSecret: 'secret-one' } }, own)
    expect(first.status).toBe(201)
    for (const body of [{ id: 'again' }, { id: 'again', metadata: { webhookSecret: 'secret-one' } }]) {
      const second = await create(body, own)
      expect(second.status).toBe(200)
      expect(second.json).toEqual(first.json)
    }
    const conflicts = [
      await create({ id: 'again', metadata: { webhookSecret: 'secret-two' } }, own),
      await create({ id: 'again', type: 'telegram' }, own),
      await create({ id: 'again' }, stranger),
      await create({ id: 'again', metadata: { webhookSecret: 'secret-one' } }, stranger),
      await create({ id: 'again', type: 'email' }, stranger),
    ]
    for (const { status, json } of conflicts) expect({ status, json }).toEqual({ status: 409, json: conflicts[0]?.json })
    expect(conflicts[0]?.json.code).toBe('channel_exists')
    expect(await list(own)).toHaveLength(1)
    expect((await create({ id: 'tg', type: 'telegram' }, own)).status).toBe(201)
    expect((await create({ id: 'tg', type: 'telegram' }, own)).status).toBe(200)
    await own.del('/channels/again')
    const recreated = await create({ id: 'again', metadata: { webhookSecret: 'secret-one' } }, own)
    expect(recreated.status).toBe(201)
    expect(recreated.json.webhookUrl).toBe(first.json.webhookUrl)
  })

  it('relay:CH4 of two sessions that ask for one id at the same time one gets it', async () => {
    const answers = await Promise.all(
      [client, stranger].flatMap((owner) => [create({ id: 'race' }, owner), create({ id: 'race' }, owner)]),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201, 409, 409])
    const owners = [await list(client), await list(stranger)].map(
      (channels) => channels.filter(({ id }: { id: string }) => id === 'race').length,
    )
    expect(owners.sort()).toEqual([0, 1])
  })

  it('relay:CH5 ids, names, prompts and metadata have their limits', async () => {
    const own = await relay.client()
    for (const id of ['', 'a b', 'a/b', '../x', 'ä', 'x'.repeat(65), 7])
      expect(await create({ id }, own)).toMatchObject({ status: 400, json: { code: 'invalid_field' } })
    expect((await create({ id: 'x'.repeat(64), name: 'n'.repeat(100), prompt: 'p'.repeat(8192) }, own)).status).toBe(201)
    for (const large of [{ name: 'n'.repeat(101) }, { prompt: 'ä'.repeat(4097) }, { metadata: { a: 'm'.repeat(16_384) } }]) {
      expect(await create(large, own)).toMatchObject({ status: 413, json: { code: 'content_too_large' } })
      const patched = await own.patch(
        `/channels/${'x'.repeat(64)}`,
        'metadata' in large ? { allowedUsers: ['m'.repeat(16_384)] } : large,
      )
      expect(patched).toMatchObject({ status: 413, json: { code: 'content_too_large' } })
    }
    expect((await list(own))[0]).toMatchObject({ name: 'n'.repeat(100), metadata: {} })
  })

  it('relay:CH5 a session has at most 100 channels, also when it asks for many at once', async () => {
    const own = await relay.client()
    const answers = await Promise.all(Array.from({ length: 110 }, () => create({}, own)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(100)
    expect(answers.filter(({ status, json }) => status === 409 && json.code === 'too_many_channels')).toHaveLength(10)
    expect(await list(own)).toHaveLength(100)
  })

  it('relay:CH6 the list is in creation order and holds no secret, also after changes and a restart', async () => {
    const own = await startRelay({ env: NO_LIMITS })
    try {
      const owner = await own.client()
      const ids = ['c', 'a', 'b']
      for (const id of ids)
        await create(
          { id, metadata: { webhookSecret: `secret-of-${id}`, botToken: '1:x', verified: true, pairingCode: 'FORGED' } },
          owner,
        )
      const signing = (await owner.post('/channels/a/rotate-secret', { which: 'signing', scheme: 'github' })).json.secret
      await owner.patch('/channels/c', { name: 'changed' })
      await own.restart()
      const channels = await list(owner)
      expect(channels.map(({ id }: { id: string }) => id)).toEqual(ids)
      for (const { metadata, webhookUrl, ...channel } of channels) {
        expect(metadata).toEqual(channel.id === 'a' ? { signingScheme: 'github' } : {})
        expect(webhookUrl).toBe(`${own.url}/webhook/${channel.id}?token=secret-of-${channel.id}`)
        expect(JSON.stringify(channel)).not.toMatch(/secret|token/i)
        expect(JSON.stringify(channel)).not.toContain(signing)
      }
      const files = readdirSync(own.dataDir).map((name) => readFileSync(join(own.dataDir, name)))
      expect(files.some((file) => file.includes('changed'))).toBe(true)
      for (const secret of ['secret-of-c', signing]) expect(files.some((file) => file.includes(secret))).toBe(false)
    } finally {
      await own.close()
    }
  })

  it('relay:CH7 a foreign channel is refused with the very answer of an unknown one', async () => {
    const webhook = await createWebhook(client)
    for (const [method, rest, body] of [
      ['PATCH', '', { name: 'mine now' }],
      ['PATCH', '', { nonsense: {} }],
      ['DELETE', '', undefined],
      ['POST', '/rotate-secret', { which: 'url' }],
      ['POST', '/rotate-secret', {}],
      ['POST', '/pairing', {}],
      ['POST', '/verification', {}],
    ] as const) {
      const ask = (id: string) => stranger.request(method, `/channels/${id}${rest}`, { body })
      const [foreign, unknown] = [await ask(webhook.id), await ask('nowhere')]
      expect(foreign.status).toBe(404)
      expect(foreign.json).toEqual(unknown.json)
      expect(foreign.json.code).toBe('channel_not_found')
    }
    expect((await webhook.post('still works')).status).toBe(200)
    expect((await list()).find(({ id }: { id: string }) => id === webhook.id)).not.toHaveProperty('name')
  })
})
