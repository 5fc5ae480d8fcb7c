import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Bot, InputFile } from 'grammy'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createQueue } from '../fakes/queue.ts'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/fake.ts'

/** grammY's own Bot against our fake: a client that knows nothing of us says whether the fake behaves like the Bot API. */
describe('the fake Bot API, driven by grammY', () => {
  let fake: FakeTelegram
  let bot: Bot

  beforeEach(async () => {
    fake = await startFakeTelegram()
    bot = new Bot(fake.bot.token, { client: { apiRoot: fake.apiRoot } })
  })
  afterEach(async () => {
    await bot.stop()
    await fake.close()
  })

  it('delivers messages, edits and taps by long polling, and takes the answers', async () => {
    const ada = fake.user('Ada', 'ada')
    const heard = createQueue<string>()
    bot.on('message:text', (context) => {
      heard.put(`${context.from.username}: ${context.message.text}`)
      return context.reply('<b>got</b> it &amp; more', {
        parse_mode: 'HTML',
        reply_parameters: { message_id: context.message.message_id },
      })
    })
    bot.on('edited_message:text', (context) => heard.put(`edited: ${context.editedMessage.text}`))
    bot.on('callback_query:data', async (context) => {
      heard.put(`tap: ${context.callbackQuery.data}`)
      await context.answerCallbackQuery()
    })
    void bot.start({ allowed_updates: ['message', 'edited_message', 'callback_query'] })

    const first = ada.send('hello')
    expect(await heard.next()).toBe('ada: hello')
    expect(await fake.nextSent()).toMatchObject({
      method: 'sendMessage',
      chatId: ada.id,
      text: 'got it & more',
      entities: [{ type: 'bold', offset: 0, length: 3 }],
      replyTo: first.message_id,
    })
    ada.edit(first, 'hello again')
    expect(await heard.next()).toBe('edited: hello again')
    const callbackQueryId = ada.press('yes')
    expect(await heard.next()).toBe('tap: yes')
    expect(await fake.bot.answered.next()).toEqual({ callbackQueryId })
  })

  it('gives updates again until they are confirmed by a higher offset', async () => {
    const ada = fake.user('Ada')
    ada.send('one')
    ada.send('two')
    const updates = await bot.api.getUpdates()
    expect(updates.map((update) => update.message?.text)).toEqual(['one', 'two'])
    expect(await bot.api.getUpdates()).toEqual(updates)
    const offset = (updates[0]?.update_id ?? 0) + 1
    expect((await bot.api.getUpdates({ offset })).map((update) => update.message?.text)).toEqual(['two'])
    expect(await bot.api.getUpdates({ offset: offset + 1 })).toEqual([])
  })

  it('lets one reader at a time, and none beside a webhook', async () => {
    const first = bot.api.getUpdates({ timeout: 20 })
    await fake.bot.calls.next(({ method }) => method === 'getUpdates')
    const second = bot.api.getUpdates({ timeout: 1 })
    await expect(first).rejects.toMatchObject({
      error_code: 409,
      description: expect.stringContaining('terminated by other getUpdates'),
    })
    await second
    await bot.api.setWebhook('https://relay.example/telegram/x')
    await expect(bot.api.getUpdates()).rejects.toMatchObject({
      error_code: 409,
      description: expect.stringContaining('webhook is active'),
    })
    await bot.api.deleteWebhook()
    expect(await bot.api.getUpdates()).toEqual([])
  })

  it('posts to a webhook with the secret until it is taken', async () => {
    const requests = createQueue<{ secret: unknown; body: { message: { text: string } } }>()
    let refusals = 2
    const server = createServer(async (request, response) => {
      requests.put({ secret: request.headers['x-telegram-bot-api-secret-token'], body: JSON.parse(await text(request)) })
      response.writeHead(refusals-- > 0 ? 500 : 200).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      fake.routeWebhooks(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      await expect(bot.api.setWebhook('http://relay.example/')).rejects.toMatchObject({ error_code: 400 })
      await expect(bot.api.setWebhook('https://relay.example:8787/')).rejects.toMatchObject({ error_code: 400 })
      await bot.api.setWebhook('https://relay.example/hook', { secret_token: 's3cret' })
      fake.user('Ada').send('hello')
      for (let delivery = 0; delivery < 3; delivery++) {
        expect(await requests.next()).toMatchObject({ secret: 's3cret', body: { message: { text: 'hello' } } })
      }
      expect((await bot.api.getWebhookInfo()).url).toBe('https://relay.example/hook')
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('parses HTML as strictly as the real one', async () => {
    const ada = fake.user('Ada')
    ada.send('hi')
    const send = (html: string) => bot.api.sendMessage(ada.id, html, { parse_mode: 'HTML' })
    for (const wrong of ['a<b', '<b>x', 'x</b>', '<b><i>x</b></i>', '<div>x</div>', '<span>x</span>', '<br/>', '< b>x</b>']) {
      await expect(send(wrong), wrong).rejects.toMatchObject({
        error_code: 400,
        description: expect.stringContaining("can't parse entities"),
      })
    }
    await send('<a href="https://x.example/?a=1&amp;b=2">x</a> <pre><code class="language-js">1 &lt; 2</code></pre> & > &copy;')
    expect((await fake.nextSent()).text).toBe('x 1 < 2 & > &copy;')
  })

  it('refuses what the real one refuses', async () => {
    const ada = fake.user('Ada')
    ada.send('hi')
    const refused = (call: Promise<unknown>, error_code: number, description: string) =>
      expect(call).rejects.toMatchObject({ error_code, description: expect.stringContaining(description) })
    await refused(bot.api.sendMessage(ada.id, 'x'.repeat(4097)), 400, 'message is too long')
    await bot.api.sendMessage(ada.id, 'x'.repeat(4096))
    await refused(bot.api.sendMessage(ada.id, '  '), 400, 'message text is empty')
    await refused(bot.api.sendMessage(4711, 'x'), 400, 'chat not found')
    await refused(
      bot.api.sendMessage(ada.id, 'x', { reply_parameters: { message_id: 999 } }),
      400,
      'message to be replied not found',
    )
    ada.block()
    await refused(bot.api.sendMessage(ada.id, 'x'), 403, 'blocked by the user')
    const options = { client: { apiRoot: fake.apiRoot } }
    await refused(new Bot('1:unknown', options).api.getMe(), 401, 'Unauthorized')
    await refused(new Bot('nonsense', options).api.getMe(), 404, 'Not Found')
    fake.faults.next('getMe', { kind: 'refuse', code: 429, description: 'Too Many Requests: retry after 3', retryAfter: 3 })
    await expect(bot.api.getMe()).rejects.toMatchObject({ error_code: 429, parameters: { retry_after: 3 } })
    expect((await bot.api.getMe()).username).toBe('ada_relay_bot')
  })

  it('takes uploads and gives files back byte for byte', async () => {
    const ada = fake.user('Ada')
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255])
    const { photo } = ada.sendPhoto({ bytes, caption: 'look' })
    await bot.api.sendPhoto(ada.id, new InputFile(bytes, 'a.png'), { caption: 'thanks' })
    expect(await fake.nextSent()).toMatchObject({ method: 'sendPhoto', text: 'thanks', file: { filename: 'a.png', bytes } })
    await bot.api.sendDocument(ada.id, new InputFile(bytes, 'b.bin'))
    expect(await fake.nextSent()).toMatchObject({ method: 'sendDocument', file: { filename: 'b.bin', bytes } })
    const largest = photo?.reduce((a, b) => (b.width > a.width ? b : a))
    const { file_path } = await bot.api.getFile(largest?.file_id ?? '')
    const answer = await fetch(`${fake.apiRoot}/file/bot${fake.bot.token}/${file_path}`)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes)
  })

  it('can do its work and lose the answer', async () => {
    const ada = fake.user('Ada')
    ada.send('hi')
    fake.faults.next('sendMessage', { kind: 'dropAfterAccept' })
    await expect(bot.api.sendMessage(ada.id, 'lost')).rejects.toThrow()
    expect((await fake.nextSent()).text).toBe('lost')
  })
})

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
