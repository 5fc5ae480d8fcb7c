import { createServer } from 'node:net'
import TelegramServer from 'telegram-test-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startRelay, type TestRelay } from '../support/relay.ts'

/** Somebody else's Telegram server: what works against our fake must work against it too, as far as it goes. */
describe('against the package telegram-test-api', () => {
  let server: TelegramServer
  let relay: TestRelay

  beforeEach(async () => {
    server = new TelegramServer({ host: '127.0.0.1', port: await freePort() })
    await server.start()
    relay = await startRelay({ env: { CHAOS_TELEGRAM_API_ROOT: server.config.apiURL } })
  })
  afterEach(async () => {
    await relay.close()
    await server.stop()
  })

  it('relay:TG3, TG9 pairs, receives, and answers', async () => {
    const token = '666:test-token'
    const client = await relay.client()
    const { json } = await client.post('/channels/telegram/register', { botToken: token })
    expect(json.botUsername).toBe('TestNameBot')
    const ada = server.getClient(token, {
      userId: 77,
      chatId: 77,
      userName: 'ada',
      firstName: 'Ada',
      type: 'private',
      timeout: 10_000,
      interval: 50,
    })
    await ada.sendMessage(ada.makeMessage(json.pairingCode))
    expect((await ada.getUpdates()).result[0]?.message.text).toMatch(/You are paired/)
    const inbox = await client.openResumed()
    await ada.sendMessage(ada.makeMessage('hello from elsewhere'))
    const { message } = await inbox.nextOf('message')
    expect(message).toMatchObject({ content: 'hello from elsewhere', from: 'ada', metadata: { chatId: '77' } })
    await client.post('/reply', { channelId: json.channelId, content: '**bold** & <plain>', replyTo: message.id })
    expect((await ada.getUpdates()).result[0]?.message).toMatchObject({
      text: '<b>bold</b> &amp; &lt;plain&gt;',
      parse_mode: 'HTML',
    })
  })
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
