import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/client.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { allMessages, createWebhook, NO_LIMITS } from '../support/webhook.ts'

describe('repeated webhook posts', () => {
  let relay: TestRelay
  let client: TestClient
  beforeAll(async () => {
    relay = await startRelay({ env: NO_LIMITS })
  })
  afterAll(() => relay.close())

  const fresh = async () => {
    client = await relay.client()
    return createWebhook(client)
  }

  it('relay:DUR3 the same key and body gets the first answer, marked as duplicate', async () => {
    const webhook = await fresh()
    const first = await webhook.post('once', { 'Idempotency-Key': 'k1' })
    expect(first.json).toEqual({ ok: true, messageId: expect.any(String) })
    const second = await webhook.post('once', { 'Idempotency-Key': 'k1' })
    expect(second).toMatchObject({ status: 200, json: { ok: true, messageId: first.json.messageId, duplicate: true } })
    expect(await webhook.post('other', { 'Idempotency-Key': 'k1' })).toMatchObject({
      status: 409,
      json: { code: 'idempotency_conflict' },
    })
    expect(await allMessages(client)).toHaveLength(1)
  })

  it('relay:DUR3 a hundred at once make one message and a hundred equal answers', async () => {
    const webhook = await fresh()
    const answers = await Promise.all(Array.from({ length: 100 }, () => webhook.post('same', { 'Idempotency-Key': 'race' })))
    expect(new Set(answers.map(({ status, json }) => `${status} ${json.messageId}`)).size).toBe(1)
    expect(answers.filter(({ json }) => json.duplicate === true)).toHaveLength(99)
    expect(await allMessages(client)).toHaveLength(1)
  })

  it('relay:DUR3 a key belongs to its channel, and must be visible ASCII of 1 to 255 characters', async () => {
    const webhook = await fresh()
    const other = await createWebhook(client)
    const key = { 'Idempotency-Key': '~'.repeat(255) }
    expect((await webhook.post('a', key)).json.duplicate).toBeUndefined()
    expect((await other.post('b', key)).json.duplicate).toBeUndefined()
    for (const wrong of ['', 'a b', 'x'.repeat(256), 'caf\u00e9'])
      expect((await webhook.post('c', { 'Idempotency-Key': wrong })).json.code).toBe('invalid_field')
  })

  it.each(['webhook-id', 'X-GitHub-Delivery'])(
    'relay:DUR2 a repeated %s gets the first answer and stores nothing',
    async (name) => {
      const webhook = await fresh()
      const first = await webhook.post('first', { [name]: 'delivery-1' })
      const again = await webhook.post('again', { [name]: 'delivery-1' })
      expect(again).toMatchObject({ status: 200, json: first.json })
      expect(again.json).toEqual(first.json)
      const long = await webhook.post('long', { [name]: `${'i'.repeat(4000)}1` })
      expect((await webhook.post('long', { [name]: `${'i'.repeat(4000)}1` })).json).toEqual(long.json)
      expect((await webhook.post('long', { [name]: `${'i'.repeat(4000)}2` })).json.messageId).not.toBe(long.json.messageId)
      expect(await allMessages(client)).toHaveLength(3)
    },
  )

  it('relay:DUR2, DUR3 both are remembered over a restart, for 30 days', async () => {
    const clock = createFakeClock()
    const own = await startRelay({ env: NO_LIMITS, clock })
    try {
      const owner = await own.client()
      const webhook = await createWebhook(owner)
      const keyed = (await webhook.post('x', { 'Idempotency-Key': 'k' })).json.messageId
      const named = (await webhook.post('y', { 'webhook-id': 'd' })).json.messageId
      await own.restart()
      await clock.advance(29 * 24 * 3600_000)
      expect((await webhook.post('x', { 'Idempotency-Key': 'k' })).json.messageId).toBe(keyed)
      expect((await webhook.post('y', { 'webhook-id': 'd' })).json.messageId).toBe(named)
      await clock.advance(2 * 24 * 3600_000)
      expect((await webhook.post('x', { 'Idempotency-Key': 'k' })).json.messageId).not.toBe(keyed)
      expect((await webhook.post('y', { 'webhook-id': 'd' })).json.messageId).not.toBe(named)
    } finally {
      await own.close()
    }
  })
})
