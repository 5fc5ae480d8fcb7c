import { afterEach, describe, expect, it } from 'vitest'
import type { Connection } from '../../../../../server/channels/port.ts'
import { createFakeClock } from '../../../../support/fakeClock.ts'
import { startAdapter } from './adapter.ts'

const publicUrl = 'https://relay.example/chaos'

describe('webhook mode', () => {
  let relay: Awaited<ReturnType<typeof startAdapter>>
  let connection: Connection | undefined

  afterEach(async () => {
    await connection?.close()
    await relay.telegram.close()
  })

  it('relay:TG4 sets the webhook with a secret and an address that holds none', async () => {
    relay = await startAdapter({ publicUrl })
    connection = relay.start()
    expect(await relay.fake.statuses.next()).toMatchObject({ state: 'waiting_pairing' })
    expect(relay.telegram.bot.webhook).toMatchObject({ url: `${publicUrl}/telegram/${relay.current().id}`, secret: 'hook-secret' })
    expect(relay.telegram.bot.calls.all.map(({ method }) => method)).toEqual(['setWebhook'])
    await connection.close()
    expect(relay.telegram.bot.webhook).toBeDefined()
  })

  it('relay:TG3, TG4 a plain http address means polling, and the mode follows the address at every start', async () => {
    relay = await startAdapter({ publicUrl: 'http://relay.example' })
    relay.telegram.bot.webhook = { url: `${publicUrl}/old`, secret: undefined, lastError: undefined }
    connection = relay.start()
    await relay.telegram.bot.calls.next(({ method }) => method === 'getUpdates')
    expect(relay.telegram.bot.webhook).toBeUndefined()
  })

  it('relay:TG4 tells when Telegram cannot deliver, and takes the webhook back when another took it', async () => {
    const clock = createFakeClock()
    relay = await startAdapter({ publicUrl, clock })
    const { bot } = relay.telegram
    const later = async () => {
      while (clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
      await clock.advance(5 * 60_000)
    }
    relay.telegram.routeWebhooks(() => 'http://127.0.0.1:1/')
    connection = relay.start()
    await relay.fake.statuses.next()
    relay.telegram.user('Ada').send('hello')
    while (!bot.webhook?.lastError) await new Promise((resolve) => setImmediate(resolve))
    await later()
    expect(await relay.fake.statuses.next()).toMatchObject({
      state: 'degraded',
      detail: expect.stringContaining('Connection refused'),
    })
    bot.webhook = undefined
    bot.updates = []
    await later()
    expect(await relay.fake.statuses.next()).toMatchObject({ state: 'waiting_pairing' })
    expect(bot.webhook).toMatchObject({ url: `${publicUrl}/telegram/${relay.current().id}` })
  })

  it('relay:CH11 a refused token ends it', async () => {
    const clock = createFakeClock()
    relay = await startAdapter({ publicUrl, clock })
    relay.telegram.renewToken()
    connection = relay.start()
    expect(await relay.fake.statuses.next()).toMatchObject({ state: 'auth_failed' })
    await connection.close()
    expect(clock.waiting()).toBe(0)
  })

  it('relay:STO3 a token that cannot be unsealed is told, not thrown', async () => {
    relay = await startAdapter()
    await relay.fake.host.update(relay.current().id, (channel) => ({
      ...channel,
      secrets: { ...channel.secrets, botToken: 'other key' },
    }))
    connection = relay.start()
    expect(await relay.fake.statuses.next()).toMatchObject({ state: 'auth_failed' })
  })
})
