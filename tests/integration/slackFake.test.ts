import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HTTPReceiver, LogLevel, App as SlackApp, type types } from '@slack/bolt'
import { SocketModeClient } from '@slack/socket-mode'
import { WebClient } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createQueue } from '../fakes/queue.ts'
import { type FakeSlack, startFakeSlack } from '../fakes/slack/fake.ts'

const NO_RETRY = { retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR }

/** Our Slack, used by Slack's own libraries: what they agree on is not only our reading of the documentation. */
describe('the Slack of our tests and the official clients', () => {
  let slack: FakeSlack
  const cleanUp: (() => unknown)[] = []

  beforeEach(async () => {
    slack = await startFakeSlack()
  })
  afterEach(async () => {
    for (const step of cleanUp.splice(0)) await step()
    await slack.close()
  })

  const web = (token = slack.app.botToken) => new WebClient(token, { slackApiUrl: slack.apiRoot, ...NO_RETRY })

  async function socketClient(): Promise<{ client: SocketModeClient; events: ReturnType<typeof createQueue<SocketEvent>> }> {
    const client = new SocketModeClient({
      appToken: slack.app.appToken,
      clientOptions: { slackApiUrl: slack.apiRoot },
      logLevel: LogLevel.ERROR,
      clientPingTimeout: 100,
    })
    const events = createQueue<SocketEvent>()
    client.on('slack_event', (event: SocketEvent) => events.put(event))
    cleanUp.push(() => client.disconnect())
    await client.start()
    return { client, events }
  }
  type SocketEvent = { ack(): Promise<void>; body: { event_id: string; event: types.GenericMessageEvent }; retry_num: number }

  it('web-api: who am I, a message in a thread, people, threads and history', async () => {
    const ada = slack.user('Ada')
    const question = ada.send('why?')
    expect(await web().auth.test()).toMatchObject({ user: 'adabot', user_id: slack.app.botUserId, bot_id: slack.app.botId })
    const posted = await web().chat.postMessage({
      channel: ada.direct.id,
      text: 'because <!here> &amp; so',
      thread_ts: question.ts,
    })
    expect(await slack.nextSent()).toMatchObject({
      ts: posted.ts,
      threadTs: question.ts,
      text: 'because !here & so',
      broadcasts: ['!here'],
    })
    expect((await web().users.info({ user: ada.id })).user?.profile?.display_name).toBe('Ada')
    const replies = await web().conversations.replies({ channel: ada.direct.id, ts: question.ts })
    expect(replies.messages?.map(({ user }) => user)).toEqual([ada.id, slack.app.botUserId])
    const history = await web().conversations.history({ channel: ada.direct.id, oldest: '0' })
    expect(history.messages?.map(({ text }) => text)).toEqual(['why?'])
  })

  it('web-api: errors, missing scopes, limits and broken answers', async () => {
    const failing = async (call: Promise<unknown>) => call.catch((error: Error) => error)
    expect(await failing(web('xoxb-unknown').auth.test())).toMatchObject({ data: { error: 'invalid_auth' } })
    expect(await failing(web(slack.app.appToken).auth.test())).toMatchObject({ data: { error: 'not_allowed_token_type' } })
    expect(await failing(web().chat.postMessage({ channel: 'C0NOWHERE', text: 'x' }))).toMatchObject({
      data: { error: 'channel_not_found' },
    })
    slack.app.scopes = ['im:history']
    expect(await failing(web().users.info({ user: 'U1' }))).toMatchObject({
      data: { error: 'missing_scope', needed: 'users:read' },
    })
    slack.faults.next('auth.test', { kind: 'rateLimit', retryAfter: 7 })
    const limited = new WebClient(slack.app.botToken, { slackApiUrl: slack.apiRoot, ...NO_RETRY, rejectRateLimitedCalls: true })
    expect(await failing(limited.auth.test())).toMatchObject({ retryAfter: 7 })
    slack.faults.next('auth.test', { kind: 'http', status: 503 })
    expect(await failing(web().auth.test())).toMatchObject({ statusCode: 503 })
    slack.app.botRefused = 'token_revoked'
    expect(await failing(web().auth.test())).toMatchObject({ data: { error: 'token_revoked' } })
  })

  it('web-api: a file goes up in three steps and can be fetched with the token only', async () => {
    const ada = slack.user('Ada')
    const bytes = Buffer.from('exactly these')
    await web().filesUploadV2({ channel_id: ada.direct.id, file: bytes, filename: 'note.txt' })
    expect((await slack.nextSent()).file).toEqual({ name: 'note.txt', bytes })
    const { files } = ada.send('look', { files: [{ bytes, name: 'mine.txt', mimetype: 'text/plain' }] })
    const address = files?.[0]?.url_private_download ?? ''
    const fetched = await fetch(address, { headers: { authorization: `Bearer ${slack.app.botToken}` } })
    expect(Buffer.from(await fetched.arrayBuffer())).toEqual(bytes)
    expect((await fetch(address, { redirect: 'manual' })).status).toBe(302)
    expect((await web().files.info({ file: files?.[0]?.id ?? '' })).file?.url_private_download).toBe(address)
  })

  it('socket-mode: hello, events until they are confirmed, once confirmed never again', async () => {
    const { events } = await socketClient()
    slack.user('Ada').send('hello')
    const first = await events.next()
    expect([first.body.event.text, first.retry_num]).toEqual(['hello', 0])
    slack.sockets.redeliver()
    const second = await events.next()
    expect([second.body.event_id, second.retry_num]).toEqual([first.body.event_id, 1])
    await second.ack()
    expect(await slack.sockets.confirmed.next()).toBe(first.body.event_id)
    slack.sockets.redeliver()
    slack.user('Eve').send('next')
    expect((await events.next()).body.event.text).toBe('next')
  })

  it('socket-mode: connects anew when asked to, and gets what was not confirmed', async () => {
    const { events } = await socketClient()
    await slack.sockets.connected.next()
    slack.user('Ada').send('unconfirmed')
    await events.next()
    slack.sockets.askToDisconnect('refresh_requested')
    await slack.sockets.connected.next()
    expect((await events.next()).retry_num).toBe(1)
  })

  it('socket-mode: an address opens one socket once', async () => {
    const { url = '' } = await web(slack.app.appToken).apps.connections.open()
    const open = (address: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(address)
        cleanUp.push(() => socket.close())
        socket.onopen = () => resolve('open')
        socket.onerror = () => resolve('refused')
      })
    expect(await open(url)).toBe('open')
    expect(await open(url)).toBe('refused')
  })

  it('bolt: takes the challenge, and events by their signature; a refused one comes again', async () => {
    const receiver = new HTTPReceiver({ signingSecret: slack.app.signingSecret, logLevel: LogLevel.ERROR })
    const app = new SlackApp({
      token: slack.app.botToken,
      receiver,
      clientOptions: { slackApiUrl: slack.apiRoot },
      logLevel: LogLevel.ERROR,
      ignoreSelf: false,
    })
    const received = createQueue<string>()
    app.message(async ({ message }) => received.put('text' in message ? String(message.text) : ''))
    let refuse = 1
    const http = createServer((request, response) => {
      if (request.headers['x-slack-retry-num'] === undefined && refuse-- > 0) return void response.writeHead(503).end()
      receiver.requestListener(request, response)
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    cleanUp.push(() => http.close())
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/slack/events`
    refuse = 0
    expect(await slack.requestUrl.verify(slack.app, url)).toBe(true)
    refuse = 1
    slack.postEventsTo(url)
    slack.user('Ada').send('signed')
    expect(await received.next()).toBe('signed')
    const wrong = { ...slack.app, signingSecret: 'another' }
    expect((await slack.requestUrl.post(wrong, url, { type: 'event_callback' })).status).toBe(401)
  })
})
