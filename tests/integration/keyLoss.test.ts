import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startFakeDiscord } from '../fakes/discord/fake.ts'
import { startFakeTelegram } from '../fakes/telegram/fake.ts'
import { send } from '../support/http.ts'
import { type RelayOptions, startRelay, type TestRelay } from '../support/relay.ts'

describe('channels after the encryption key was lost', () => {
  let dataDir: string
  let telegram: Awaited<ReturnType<typeof startFakeTelegram>>
  let relay: TestRelay
  let client: Awaited<ReturnType<TestRelay['client']>>
  const mails: string[] = []
  const start = async (options: RelayOptions = {}) => {
    const env = {
      CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot,
      CHAOS_EMAIL_DOMAIN: 'in.example',
      RESEND_API_KEY: 're_0123456789',
      CHAOS_RESEND_API_ROOT: 'http://resend.invalid',
      ...options.env,
    }
    relay = await startRelay({ dataDir, ...options, env, fetch: network })
  }
  /** Telegram is the fake; the mail provider takes everything and has nothing. */
  const network: typeof fetch = async (input, init) => {
    if (!String(input).includes('resend.invalid')) return fetch(input, init)
    mails.push(String(init?.body))
    return Response.json({ id: 'mail', data: [], has_more: false })
  }
  const lose = async (options: RelayOptions = {}) => {
    await relay.close()
    rmSync(join(dataDir, 'encryption.key'))
    await start({ ...options, acceptKeyLoss: true })
    client = await relay.client({ identity: client.identity })
  }
  const statusOf = async (id: string) =>
    (await client.get('/channels')).json.channels.find((channel: { id: string }) => channel.id === id).status

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'chaos-loss-'))
    telegram = await startFakeTelegram()
    await start()
    client = await relay.client()
  })
  afterEach(async () => {
    await relay.close()
    await telegram.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  it('relay:STO3 relay:CH13 a webhook takes nothing until its secrets are new, then everything that is signed', async () => {
    await client.post('/channels', { id: 'hook' })
    await client.post('/channels/hook/rotate-secret', { which: 'signing', scheme: 'github' })
    await lose()
    expect((await statusOf('hook')).state).toBe('auth_failed')
    const url = (await client.post('/channels/hook/rotate-secret', { which: 'url' })).json
    expect(url).not.toHaveProperty('previousValidUntil')
    const target = new URL(url.webhookUrl).pathname + new URL(url.webhookUrl).search
    expect((await send(relay.url, target, { method: 'POST', body: 'x' })).json.code).toBe('bad_signature')
    expect((await statusOf('hook')).state).toBe('auth_failed')
    const { secret } = (await client.post('/channels/hook/rotate-secret', { which: 'signing' })).json
    expect((await statusOf('hook')).state).toBe('ok')
    const signature = `sha256=${createHmac('sha256', secret).update('x').digest('hex')}`
    const posted = await send(relay.url, target, { method: 'POST', body: 'x', headers: { 'X-Hub-Signature-256': signature } })
    expect(posted.status).toBe(200)
  })

  it('relay:STO3 relay:CH11 a bot that is registered again works again, also where Telegram posts its updates', async () => {
    const bot = { botToken: telegram.bot.token }
    const { channelId } = (await client.post('/channels/telegram/register', bot)).json
    await lose({ env: { CHAOS_PUBLIC_URL: 'https://relay.example' } })
    expect((await statusOf(channelId)).state).toBe('auth_failed')
    const stranger = await send(relay.url, `/telegram/${channelId}?secret=guess`, { method: 'POST', body: '{"update_id":1}' })
    expect([stranger.status, stranger.json.code]).toEqual([401, 'invalid_token'])
    const socket = await client.openResumed()
    expect((await client.post('/channels/telegram/register', bot)).json.channelId).toBe(channelId)
    for (;;) {
      const { channel } = await socket.nextOf('channel_update')
      if (channel.status.state === 'waiting_pairing') break
    }
    expect(telegram.bot.calls.all.at(-1)?.method).toBe('setWebhook')
  })

  it('relay:STO3 relay:CH11, DC7 a Discord bot that is registered again works again, at an address with a new secret', async () => {
    const discord = await startFakeDiscord()
    const env = { CHAOS_DISCORD_API_ROOT: discord.apiRoot }
    await relay.close()
    await start({ env })
    client = await relay.client({ identity: client.identity })
    const bot = { botToken: discord.bot.token }
    const before = (await client.post('/channels/discord/register', bot)).json
    await discord.bot.sessionStarts.next()
    await lose({ env })
    expect((await statusOf(before.channelId)).state).toBe('auth_failed')
    const post = ({ inboundUrl }: { inboundUrl: string }) => {
      const { pathname, search } = new URL(inboundUrl)
      return send(relay.url, pathname + search, { method: 'POST', body: '{"type":1}' })
    }
    expect((await post(before)).status).toBe(401)
    const after = (await client.post('/channels/discord/register', bot)).json
    expect(after.channelId).toBe(before.channelId)
    expect((await post(before)).status).toBe(401)
    expect((await post(after)).json).toEqual({ type: 1 })
    await discord.bot.sessionStarts.next()
    await relay.close()
    await start({ env })
    await discord.close()
  })

  it('relay:STO3 relay:EML4 a link from before is an unknown one, and a new one can be sent', async () => {
    const { channelId } = (await client.post('/channels/email/register', { userEmail: 'ada@home.example' })).json
    const link = /\/email\/verify\?[^"\\<\s]+/.exec(mails.join('\n'))?.[0] ?? ''
    expect((await send(relay.url, link)).status).toBe(200)
    await lose()
    expect((await send(relay.url, link)).status).toBe(404)
    const body = link.split('?')[1] ?? ''
    expect((await send(relay.url, '/email/verify', { method: 'POST', body })).status).toBe(404)
    expect((await client.post(`/channels/${channelId}/verification`)).status).toBe(200)
  })
})
