import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTelegramRelay, type TelegramRelay } from '../fakes/telegram/relay.ts'
import { send } from '../support/http.ts'
import { mutations } from '../support/mutations.ts'

const PUBLIC_URL = 'https://relay.example'
const HEADER = 'X-Telegram-Bot-Api-Secret-Token'

describe('the Telegram webhook', () => {
  let at: TelegramRelay

  beforeEach(async () => {
    at = await startTelegramRelay({
      env: {
        CHAOS_PUBLIC_URL: PUBLIC_URL,
        CHAOS_RATE_LIMITS: '{"inbound":{"limit":0,"windowSec":60},"inboundAuthFail":{"limit":0,"windowSec":60}}',
      },
    })
    at.telegram.routeWebhooks((url) => url.replace(PUBLIC_URL, at.relay.url))
  })
  afterEach(() => at.close())

  const webhook = () => at.telegram.bot.webhook ?? expect.unreachable('no webhook is set')
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    send(at.relay.url, path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })

  it('relay:TG4, TG5 Telegram delivers to it; the address holds no secret', async () => {
    const { json } = await at.register()
    expect(json.mode).toBe('webhook')
    await at.telegram.bot.calls.next(({ method }) => method === 'setWebhook')
    const ada = at.telegram.user('Ada')
    ada.send(json.pairingCode)
    expect((await at.telegram.nextSent()).text).toMatch(/You are paired/)
    const inbox = await at.inbox()
    ada.send('by webhook')
    expect((await inbox.next()).content).toBe('by webhook')
    expect(webhook().url).toBe(`${PUBLIC_URL}/telegram/${json.channelId}`)
    expect(webhook().secret).toMatch(/^[A-Za-z0-9_-]{32,}$/)
    expect(at.telegram.bot.calls.all.some(({ method }) => method === 'getUpdates')).toBe(false)
  })

  it('relay:TG5 answers ok with the id of what it stored, ok alone otherwise, and the first id for a repeat', async () => {
    const { channelId, user } = await at.paired()
    const headers = { [HEADER]: webhook().secret ?? '' }
    const update = {
      update_id: 5,
      message: {
        message_id: 9,
        date: 1,
        chat: { id: user.id, type: 'private' },
        from: { id: user.id, is_bot: false, first_name: 'Ada' },
        text: 'hi',
      },
    }
    const first = await post(`/telegram/${channelId}`, update, headers)
    expect([first.status, first.json]).toEqual([200, { ok: true, messageId: expect.any(String) }])
    expect((await post(`/telegram/${channelId}`, update, headers)).json).toEqual(first.json)
    expect((await post(`/telegram/${channelId}`, { update_id: 6, poll_answer: {} }, headers)).json).toEqual({ ok: true })
    expect((await post(`/telegram/${channelId}`, {}, headers)).json).toEqual({ ok: true })
    expect(
      (await post(`/telegram/${channelId}?secret=${headers[HEADER]}`, { ...update, update_id: 7 })).json.messageId,
    ).toBeDefined()
    expect(await at.messages()).toHaveLength(2)
    const notJson = await post(`/telegram/${channelId}`, '{', headers)
    expect([notJson.status, notJson.json.code]).toEqual([400, 'invalid_json'])
  })

  it('relay:TG5, CH9 says what is wrong: unknown, another type, no secret, switched off', async () => {
    const { channelId } = await at.paired()
    const hook = (await at.client.post('/channels', { type: 'webhook' })).json.channel.id
    const headers = { [HEADER]: webhook().secret ?? '' }
    const expected = async (path: string, given: Record<string, string>, status: number, code: string) => {
      const answer = await post(path, { update_id: 1 }, given)
      expect([answer.status, answer.json.code]).toEqual([status, code])
    }
    await expected('/telegram/none', headers, 404, 'unknown_channel')
    await expected(`/telegram/${hook}`, headers, 400, 'wrong_channel_type')
    await expected(`/telegram/${channelId}`, {}, 401, 'invalid_token')
    await at.client.patch(`/channels/${channelId}`, { enabled: false })
    await expected(`/telegram/${channelId}`, headers, 403, 'channel_disabled')
    await at.client.del(`/channels/${channelId}`)
    await expected(`/telegram/${channelId}`, headers, 404, 'unknown_channel')
    expect(at.telegram.bot.webhook).toBeUndefined()
  })

  it('relay:TG5, GEN4 of 1,000 forged secrets none is accepted', async () => {
    const { channelId, user } = await at.paired()
    const secret = webhook().secret ?? ''
    const update = {
      update_id: 1,
      message: { message_id: 1, date: 1, chat: { id: user.id, type: 'private' }, from: { id: user.id }, text: 'forged' },
    }
    const accepted: string[] = []
    const shown = { header: 0, query: 0 }
    const seed = randomBytes(4).readUInt32LE()
    const ownForms = ['', `${secret},${secret}`, `${secret.slice(1)}${secret[0]}`, secret.padEnd(secret.length * 2, secret)]
    const values = [...ownForms, ...[...mutations({ secret }, 1_250, seed)].map((changed) => changed.secret)]
    for (const [number, value] of values.entries()) {
      const where = number % 5 === 4 ? 'query' : 'header'
      const answer = await (where === 'query'
        ? post(`/telegram/${channelId}?secret=${encodeURIComponent(value)}`, update)
        : post(`/telegram/${channelId}`, update, { [HEADER]: value }))
      if (answer.status !== 401) accepted.push(value)
      shown[where] += 1
    }
    expect(shown.header).toBeGreaterThanOrEqual(1_000)
    expect(shown.query).toBeGreaterThanOrEqual(250)
    expect(accepted.length, `seed ${seed}`).toBe(0)
    const genuine = await post(`/telegram/${channelId}`, { ...update, update_id: 2 }, { [HEADER]: secret })
    expect(genuine.json.messageId).toEqual(expect.any(String))
    expect((await at.messages()).map(({ id }: { id: string }) => id)).toEqual([genuine.json.messageId])
  })

  it('relay:RL4 wrong secrets do not use up the channel’s own limit', async () => {
    await at.relay.restart({ CHAOS_TELEGRAM_API_ROOT: at.telegram.apiRoot, CHAOS_PUBLIC_URL: PUBLIC_URL })
    const { channelId } = await at.paired()
    const wrong = [] as number[]
    for (let number = 0; number < 62; number++) wrong.push((await post(`/telegram/${channelId}`, {}, { [HEADER]: 'wrong' })).status)
    expect(wrong.slice(0, 60)).toEqual(Array(60).fill(401))
    expect(wrong.slice(60)).toEqual([429, 429])
    expect((await post(`/telegram/${channelId}`, {}, { [HEADER]: webhook().secret ?? '' })).status).toBe(200)
  })

  it('relay:TG4 without the public address the next start polls, and takes what waited', async () => {
    const { user } = await at.paired()
    at.telegram.routeWebhooks(() => 'http://127.0.0.1:1/')
    user.send('while unreachable')
    await at.relay.restart({ CHAOS_TELEGRAM_API_ROOT: at.telegram.apiRoot })
    const inbox = await at.inbox()
    expect((await inbox.next()).content).toBe('while unreachable')
    expect(at.telegram.bot.webhook).toBeUndefined()
  })
})
