import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { openTestSocket } from '../support/socket.ts'

describe('GET /session', () => {
  let relay: TestRelay
  beforeAll(async () => {
    relay = await startRelay()
  })
  afterAll(() => relay.close())
  const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  const withKey = (apiKey: string) => ({ headers: { Authorization: `Bearer ${apiKey}` } })

  it('relay:SES1 tells since when it is there, its apiKeys and open sockets, and which belong to who asks', async () => {
    const client = await relay.client()
    const first = await client.openSocket('legacy')
    const { apiKey } = (await client.register({ rotate: true })).json
    const { ticket } = (await client.post('/ws/ticket', undefined, withKey(apiKey))).json
    const second = await openTestSocket(`${relay.url.replace('http', 'ws')}/ws`, ['chaos.v2', `ticket.${ticket}`])
    const told = (current: boolean[]) => ({
      userId: client.userId,
      createdAt: iso,
      keyed: true,
      apiKeys: { count: 2, newest: current.map((one) => ({ createdAt: iso, current: one })) },
      sockets: (['v2', 'legacy'] as const).map((protocol, index) => ({ openedAt: iso, protocol, current: current[index] })),
    })
    expect((await client.get('/session', withKey(apiKey))).json).toEqual(told([true, false]))
    expect((await client.get('/session')).json).toEqual(told([false, true]))
    await first.close()
    await second.close()
  })

  it('relay:SES2, REG7 holds nothing secret and nothing of others, and only its own once the others are ended', async () => {
    const client = await relay.client()
    const other = await relay.client()
    const theirs = await other.openSocket()
    const old = await client.openSocket('legacy')
    const { apiKey } = (await client.register({ rotate: true, revokeOthers: true })).json
    await old.closed
    const { text, json } = await client.get('/session', withKey(apiKey))
    expect(json).toMatchObject({ apiKeys: { count: 1, newest: [{ current: true }] }, sockets: [] })
    for (const secret of [apiKey, client.apiKey, client.identity.publicKey.x, other.userId]) expect(text).not.toContain(secret)
    expect((await client.get('/session')).json.code).toBe('invalid_token')
    await theirs.close()
  })

  it('relay:SES1 needs a signature of a keyed session, and none of one without a key', async () => {
    const [keyed, bare] = [await relay.client(), await relay.client({ keyed: false })]
    expect((await keyed.get('/session', { sign: false })).json.code).toBe('signature_required')
    expect((await bare.get('/session')).json).toMatchObject({ userId: bare.userId, keyed: false, sockets: [] })
  })
})
