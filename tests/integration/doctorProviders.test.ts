import { createServer as createSecureServer } from 'node:https'
import { afterEach, describe, expect, it } from 'vitest'
import { startDiscordRelay } from '../fakes/discord/relay.ts'
import { startFakeResend } from '../fakes/resend/fake.ts'
import { startSlackRelay } from '../fakes/slack/relay.ts'
import { startMailServer } from '../fakes/smtp/server.ts'
import { startTelegramRelay } from '../fakes/telegram/relay.ts'
import { makeCertificate } from '../support/certificate.ts'
import { examineAll, says } from '../support/doctor.ts'
import { freePort } from '../support/proxies.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

describe('doctor and the platforms', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })
  const envOf = (relay: TestRelay) => ({ CHAOS_DATA_DIR: relay.dataDir, PORT: String(relay.port) })

  it('relay:CLI3 a Telegram token is tried, and what is wrong with it is said without it', async () => {
    const at = await startTelegramRelay()
    undo.push(at.close)
    const { botUsername } = (await at.register()).json
    const env = { ...envOf(at.relay), CHAOS_TELEGRAM_API_ROOT: at.telegram.apiRoot }
    const name = `telegram ${botUsername}`
    expect((await examineAll(env)).of(name)).toEqual([expect.objectContaining(says('ok', /accepted/))])
    at.telegram.faults.next('getMe', { kind: 'refuse', code: 401, description: 'Unauthorized' })
    const refused = await examineAll(env)
    expect(refused.of(name)).toEqual([expect.objectContaining(says('fail', /does not accept the bot token .*@BotFather/))])
    const gone = await examineAll({ ...env, CHAOS_TELEGRAM_API_ROOT: 'http://127.0.0.1:1' })
    expect(gone.of(name)).toEqual([expect.objectContaining(says('fail', /Telegram is not reachable/))])
    for (const { text } of [refused, gone]) expect(text).not.toContain(at.telegram.bot.token)
  })

  it('relay:CLI3 so is a Discord token', async () => {
    const at = await startDiscordRelay()
    undo.push(at.close)
    const { botUsername } = (await at.register()).json
    const env = { ...envOf(at.relay), CHAOS_DISCORD_API_ROOT: at.discord.apiRoot }
    expect((await examineAll(env)).of(`discord ${botUsername}`)).toEqual([expect.objectContaining(says('ok', /accepted/))])
    at.discord.faults.next('GET /users/@me', { kind: 'refuse', status: 401, message: '401: Unauthorized' })
    const refused = await examineAll(env)
    expect(refused.of(`discord ${botUsername}`)).toEqual([expect.objectContaining(says('fail', /does not accept the bot token/))])
    expect(refused.text).not.toContain(at.discord.bot.token)
  })

  it('relay:CLI3 and both of Slack’s', async () => {
    const at = await startSlackRelay()
    undo.push(at.close)
    const { botUsername } = (await at.register()).json
    const env = { ...envOf(at.relay), CHAOS_SLACK_API_ROOT: at.slack.apiRoot }
    const slack = async () => (await examineAll(env)).of(`slack ${botUsername}`)
    expect(await slack()).toEqual([expect.objectContaining(says('ok', /accepted/))])
    at.slack.faults.next('auth.test', { kind: 'error', error: 'account_inactive' })
    expect(await slack()).toEqual([expect.objectContaining(says('fail', /does not accept the bot token/))])
    at.slack.faults.next('apps.connections.open', { kind: 'error', error: 'invalid_auth' })
    expect(await slack()).toEqual([expect.objectContaining(says('fail', /does not accept the app-level token/))])
    expect((await examineAll({ ...env, CHAOS_SLACK_API_ROOT: 'http://127.0.0.1:1' })).text).not.toContain(at.slack.app.botToken)
  })

  it('relay:CLI3 a bot that is switched off is left alone; a channel of another kind has no token', async () => {
    const at = await startTelegramRelay()
    undo.push(at.close)
    const { channelId } = (await at.register()).json
    await at.client.post('/channels', {})
    await at.client.patch(`/channels/${channelId}`, { enabled: false })
    expect((await examineAll(envOf(at.relay))).of('bots')).toEqual([expect.objectContaining(says('skip', /none are connected/))])
  })

  it('relay:CLI3 relay:EML8 the receiver of mail greets, and its certificate is looked at', async () => {
    const { cert, key, remove } = makeCertificate('mail.example.org')
    undo.push(remove)
    const port = String(await freePort())
    const base = { CHAOS_EMAIL_DOMAIN: 'mail.example.org', RESEND_API_KEY: 're_x', CHAOS_RESEND_API_ROOT: 'http://127.0.0.1:1' }
    const plain = { ...base, CHAOS_SMTP_LISTEN: `127.0.0.1:${port}` }
    const tls = { ...plain, CHAOS_SMTP_TLS_CERT: cert, CHAOS_SMTP_TLS_KEY: key }
    const relay = await startRelay({ env: tls })
    undo.push(relay.close)
    const receiver = async (env: Record<string, string>, now = Date.now()) =>
      (await examineAll({ ...envOf(relay), ...env }, { now: () => now })).of('mail receiver')
    const greets = expect.objectContaining(says('ok', /greets at 127\.0\.0\.1/))
    const finding = (...wanted: Parameters<typeof says>) => expect.objectContaining(says(...wanted))
    expect(await receiver(tls)).toEqual([finding('warn', /expires on/), greets])
    expect(await receiver(tls, Date.now() + 3 * 24 * 60 * 60_000)).toEqual([finding('fail', /is expired since/), greets])
    expect(await receiver(tls, Date.now() - 30 * 24 * 60 * 60_000)).toEqual([finding('ok', /good until/), greets])
    expect(await receiver(plain)).toEqual([finding('warn', /unencrypted/), greets])
    expect(await receiver({ ...tls, CHAOS_SMTP_TLS_KEY: cert })).toEqual([finding('fail', /CHAOS_SMTP_TLS_CERT: must be/), greets])
    const elsewhere = { ...plain, CHAOS_SMTP_LISTEN: `127.0.0.1:${await freePort()}` }
    expect(await receiver(elsewhere)).toEqual([expect.anything(), finding('fail', /nobody takes mail/)])
  })

  it('relay:CLI3 Resend’s key and a mail server’s password are tried, and no mail is sent', async () => {
    const resend = await startFakeResend()
    undo.push(resend.close)
    const mail = async (env: Record<string, string>) =>
      (await examineAll({ CHAOS_DATA_DIR: ':memory:', PORT: '0', ...env })).of('email')
    expect(await mail({})).toEqual([expect.objectContaining(says('skip', /not configured/))])
    expect(await mail(resend.env)).toEqual([expect.objectContaining(says('ok', /Resend accepts/))])
    expect(await mail({ ...resend.env, RESEND_API_KEY: 're_wrong' })).toEqual([
      expect.objectContaining(says('fail', /does not accept RESEND_API_KEY/)),
    ])
    const credentials = { user: 'relay', password: 'right-password' }
    const smtp = await startMailServer({ credentials })
    undo.push(smtp.close)
    const out = (password: string, port = smtp.port) => ({
      CHAOS_EMAIL_DOMAIN: 'mail.example.org',
      CHAOS_SMTP_OUT_URL: `smtp://relay:${password}@127.0.0.1:${port}`,
    })
    expect(await mail(out('right-password'))).toEqual([expect.objectContaining(says('ok', /takes mail/))])
    const wrong = await mail(out('wrong-password'))
    expect(wrong).toEqual([expect.objectContaining(says('fail', /does not accept the user and password/))])
    expect(JSON.stringify(wrong)).not.toContain('wrong-password')
    expect(await mail(out('right-password', 1))).toEqual([expect.objectContaining(says('fail', /not reachable/))])
    expect(await mail({ CHAOS_EMAIL_DOMAIN: 'mail.example.org' })).toEqual([
      expect.objectContaining(says('fail', /nothing can send/)),
    ])
    expect(resend.sent.all).toEqual([])
    expect(smtp.mails.all).toEqual([])
  })

  it('relay:CLI3 a clock that is off is told against that of a platform', async () => {
    const resend = await startFakeResend()
    undo.push(resend.close)
    const env = { CHAOS_DATA_DIR: ':memory:', PORT: '0', ...resend.env }
    const clock = async (offMs: number) => (await examineAll(env, { now: () => Date.now() + offMs })).of('clock')[0]
    expect(await clock(0)).toMatchObject(says('ok', /agrees with 127\.0\.0\.1/))
    expect(await clock(120_000)).toMatchObject(says('warn', /1[12]\d s ahead of/, /NTP/))
    expect(await clock(-400_000)).toMatchObject(says('fail', /(39|40)\d s behind .*clients are refused/, /NTP/))
  })

  it('relay:CLI3 a certificate nobody trusts is named as the broken hop', async () => {
    const certificate = makeCertificate()
    const server = createSecureServer(certificate.pem, (_request, response) => response.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const relay = await startRelay()
    undo.push(certificate.remove, () => server.close(), relay.close)
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const found = await examineAll({ ...envOf(relay), CHAOS_PUBLIC_URL: `https://127.0.0.1:${port}`, CHAOS_TRUST_PROXY: '1' })
    expect(found.of('public address')).toEqual([
      expect.objectContaining(says('fail', /cannot be reached .*(CERT|SELF_SIGNED)/, /certificate/)),
    ])
  })
})
