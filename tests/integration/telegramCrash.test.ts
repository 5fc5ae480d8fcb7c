import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/fake.ts'
import { createClient } from '../support/client.ts'
import { type RelayProcess, startRelayProcess } from '../support/relayProcess.ts'

describe('Telegram and a relay that is killed', () => {
  let telegram: FakeTelegram
  let relay: RelayProcess

  beforeEach(async () => {
    telegram = await startFakeTelegram()
    relay = await startRelayProcess({ env: { CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot } })
  })
  afterEach(async () => {
    await relay.close()
    await telegram.close()
  })

  it('relay:TG3, DUR1, DUR2, DUR4 every message arrives exactly once, in order, through ten kills at any moment', async () => {
    const client = await createClient(relay.url)
    const { json } = await client.post('/channels/telegram/register', { botToken: telegram.bot.token })
    const ada = telegram.user('Ada')
    ada.send(json.pairingCode)
    await telegram.nextSent()
    const total = 200
    let sent = 0
    for (let kill = 0; kill < 10; kill++) {
      for (let round = 0; round < total / 10; round++) ada.send(`message ${sent++}`)
      await telegram.bot.calls.next(({ method }) => method === 'getUpdates')
      // A different moment each time, without looking where the relay is: during storing, pushing, or confirming.
      await new Promise((resolve) => setTimeout(resolve, kill * 3))
      await relay.restart('SIGKILL')
    }
    const inbox = await client.openResumed()
    const stored = inbox.replay.filter(({ type }) => type === 'message')
    while (stored.length < total) stored.push(await inbox.nextOf('message'))
    expect(stored.map(({ message }) => message.content)).toEqual(Array.from({ length: total }, (_, number) => `message ${number}`))
    expect(stored.map(({ message }) => message.seq)).toEqual(Array.from({ length: total }, (_, number) => number + 1))
  }, 120_000)

  it('relay:LOG1 neither the token nor a code nor a text is in the log', async () => {
    const client = await createClient(relay.url)
    const { json } = await client.post('/channels/telegram/register', { botToken: telegram.bot.token })
    const ada = telegram.user('Ada')
    ada.send('22222222')
    ada.send(json.pairingCode)
    await telegram.nextSent()
    await telegram.nextSent()
    const inbox = await client.openResumed()
    ada.send('very private words')
    await inbox.nextOf('message')
    telegram.faults.next('sendMessage', { kind: 'refuse', code: 400, description: 'Bad Request: something new' })
    await client.post('/reply', { channelId: json.channelId, content: 'equally private' })
    await inbox.nextOf('reply_status')
    telegram.renewToken()
    await inbox.nextOf('channel_update')
    const { stdout, stderr } = await relay.kill('SIGTERM')
    const log = stdout + stderr
    for (const secret of [telegram.bot.token, json.pairingCode, '22222222', 'private']) expect(log).not.toContain(secret)
    expect(log).not.toMatch(/\d{6,}:AAE/)
  })
})
