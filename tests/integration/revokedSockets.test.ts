import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { openTestSocket } from '../support/socket.ts'

describe('sockets of credentials that end', () => {
  let relay: TestRelay
  beforeAll(async () => {
    relay = await startRelay()
  })
  afterAll(() => relay.close())

  it('relay:WS2 ?token= opens a socket for any session, keyed or not, until its apiKey ends', async () => {
    for (const keyed of [true, false]) {
      const client = await relay.client({ keyed })
      for (const kind of ['legacy', 'v2'] as const) {
        const socket = await client.openSocket(kind, { credential: 'token' })
        expect(socket.protocol).toBe(kind === 'v2' ? 'chaos.v2' : '')
        await socket.close()
      }
      await client.del('/session')
      await expect(client.openSocket('legacy')).rejects.toMatchObject({ status: 401, json: { code: 'invalid_token' } })
    }
  })

  it('relay:REG7 revokeOthers closes the sockets of the other apiKeys with 1008 and leaves its own', async () => {
    const client = await relay.client()
    const old = [await client.openResumed(), await client.openSocket('legacy')]
    const rotated = await client.register({ rotate: true })
    const fresh = { headers: { Authorization: `Bearer ${rotated.json.apiKey}` } }
    const ticket = (await client.request('POST', '/ws/ticket', fresh)).json.ticket
    const kept = await openTestSocket(`${relay.url.replace('http', 'ws')}/ws`, ['chaos.v2', `ticket.${ticket}`])
    expect((await kept.next()).type).toBe('hello')
    expect((await client.register({ revokeOthers: true })).json.apiKey).toBe(rotated.json.apiKey)
    for (const socket of old) expect((await socket.closed).code).toBe(1008)
    kept.send({ type: 'ping' })
    expect((await kept.nextOf('pong')).type).toBe('pong')
    await kept.close()
  })

  it('relay:STO6 DELETE /session closes its sockets with 1008 and nobody else’s', async () => {
    const [mine, other] = [await relay.client(), await relay.client()]
    const sockets = [await mine.openResumed(), await mine.openSocket('legacy')]
    const theirs = await other.openResumed()
    expect((await mine.del('/session')).json).toEqual({ ok: true })
    for (const socket of sockets) expect((await socket.closed).code).toBe(1008)
    theirs.send({ type: 'ping' })
    expect(await theirs.next()).toEqual({ type: 'pong' })
    await theirs.close()
  })

  it('relay:GEN8 a stopping relay closes every socket with 1012', async () => {
    const stopping = await startRelay()
    const client = await stopping.client()
    const sockets = [await client.openResumed(), await client.openSocket('legacy')]
    await stopping.close()
    for (const socket of sockets) expect((await socket.closed).code).toBe(1012)
  })

  it('relay:HLT1 health counts the open sockets', async () => {
    const client = await relay.client()
    const count = async () => (await client.get('/health')).json.websockets
    const before = await count()
    const socket = await client.openSocket()
    expect(await count()).toBe(before + 1)
    await socket.close()
    while ((await count()) !== before) await new Promise((resolve) => setImmediate(resolve))
  })
})
