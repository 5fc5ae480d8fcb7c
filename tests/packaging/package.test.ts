import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VERSION } from '../../server/version.ts'
import { startFakeDiscord } from '../fakes/discord/fake.ts'
import { startFakeSlack } from '../fakes/slack/fake.ts'
import { startMailServer } from '../fakes/smtp/server.ts'
import { linkIn } from '../fakes/smtp/withRelay.ts'
import { startFakeTelegram } from '../fakes/telegram/fake.ts'
import { createClient } from '../support/client.ts'
import { send } from '../support/http.ts'
import { packPackage } from '../support/packed.ts'
import { freePort } from '../support/proxies.ts'
import { openSmtp } from '../support/smtpClient.ts'
import { createWebhook } from '../support/webhook.ts'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))

describe('the package', () => {
  let packed: Awaited<ReturnType<typeof packPackage>>
  /** The package's folder as npm unpacks it. */
  let unpacked: string
  beforeAll(async () => {
    packed = await packPackage()
    const to = join(packed.folder, 'unpacked')
    mkdirSync(to)
    execFileSync('tar', ['-xzf', packed.tarball, '-C', to])
    unpacked = join(to, 'package')
  }, 120_000)
  afterAll(() => packed.close())

  it('relay:PKG1 holds the relay, the extension and the documents, and nothing to install', () => {
    const files = execFileSync('tar', ['-tzf', packed.tarball], { encoding: 'utf8' }).trim().split('\n')
    for (const file of [
      'bin/chaos-relay.mjs',
      'dist/relay/main.js',
      'dist/extension/manifest.json',
      'deploy/chaos-relay.service',
      'docs/self-hosting.md',
      'README.md',
      'LICENSE',
    ])
      expect(files).toContain(`package/${file}`)
    expect(
      files.filter((file) => !/^package\/((bin|deploy|dist|docs|examples)\/|[A-Z]+(\.md)?$|package\.json$)/.test(file)),
    ).toEqual([])
    const {
      dependencies,
      optionalDependencies,
      peerDependencies,
      private: kept,
    } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))
    expect([dependencies, optionalDependencies, peerDependencies]).toEqual([undefined, undefined, undefined])
    expect(kept).toBe(true)
  })

  it('relay:PKG1 holds the licences of what is bundled', () => {
    const licences = readFileSync(join(unpacked, 'dist/relay/LICENCES.txt'), 'utf8')
    for (const name of ['ws', 'zod', 'find-my-way', 'pino', 'grammy', 'marked'])
      expect(licences).toMatch(new RegExp(`^${name} ${manifest.devDependencies[name].replaceAll('.', '\\.')} \\(`, 'm'))
    expect(licences).toContain('Permission is hereby granted')
  })

  it('relay:PKG1 relay:CLI1 relay:CLI3 runs in the background and is examined by npx, too', async () => {
    const dataDir = join(packed.folder, 'background')
    const run = (command: string) => packed.npx([command, '--data-dir', dataDir], { PORT: '0' }).ended
    expect(await run('start')).toMatchObject({ code: 0, stdout: expect.stringMatching(/relay started in daemon mode/) })
    const { url } = JSON.parse(readFileSync(join(dataDir, 'relay-daemon.json'), 'utf8'))
    expect((await send(url, '/health')).json).toMatchObject({ status: 'ok', version: VERSION })
    expect(await run('doctor')).toMatchObject({ code: 0, stdout: expect.stringContaining(`the relay answers at ${url}`) })
    expect(await run('stop')).toMatchObject({ code: 0, stdout: expect.stringMatching(/relay stopped/) })
    expect(await run('status')).toMatchObject({ code: 3 })
  })

  it('relay:PKG1 serves by npx in an empty folder without a network, and keeps its data', async () => {
    const dataDir = join(packed.folder, 'data')
    const first = packed.npx(['serve', '--port', '0', '--data-dir', dataDir])
    const url = await first.listening
    expect((await send(url, '/health')).json).toMatchObject({ status: 'ok', version: VERSION })
    const client = await createClient(url)
    const inbox = await client.openResumed()
    const webhook = await createWebhook(client, { id: 'door' })
    const messageId = await webhook.say('over the threshold')
    expect((await inbox.nextOf('message')).message).toMatchObject({ id: messageId, content: 'over the threshold' })
    expect((await client.post('/reply', { channelId: 'door', content: 'welcome', replyTo: messageId })).status).toBe(200)
    expect((await send(url, '/responses/door')).json.responses).toMatchObject([{ content: 'welcome' }])
    await inbox.close()
    await first.stop()
    await expect(send(url, '/health')).rejects.toThrow('ECONNREFUSED')

    const second = packed.npx(['serve', '--port', '0', '--data-dir', dataDir])
    const again = await createClient(await second.listening, { identity: client.identity })
    expect(again.userId).toBe(client.userId)
    expect((await again.get('/messages')).json.messages).toMatchObject([{ id: messageId }])
    await second.stop()
    expect((await second.ended).stderr).not.toMatch(/warning/i)
  }, 60_000)

  it('relay:PKG1 the bundle speaks to Telegram as the sources do, files included', async () => {
    const telegram = await startFakeTelegram()
    try {
      const relay = packed.npx(['serve', '--port', '0'], { CHAOS_DATA_DIR: ':memory:', CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot })
      const client = await createClient(await relay.listening)
      const inbox = await client.openResumed()
      const { json } = await client.post('/channels/telegram/register', { botToken: telegram.bot.token })
      const ada = telegram.user('Ada')
      ada.send(json.pairingCode)
      await telegram.nextSent()
      ada.send('hello, bundle')
      expect((await inbox.nextOf('message')).message.content).toBe('hello, bundle')
      const bytes = Buffer.from([0, 1, 2, 255])
      const attachments = [{ filename: 'b.bin', mimeType: 'application/octet-stream', dataBase64: bytes.toString('base64') }]
      await client.post('/reply', { channelId: json.channelId, content: '**hello**, Ada', attachments })
      expect(await telegram.nextSent()).toMatchObject({ chatId: ada.id, text: 'hello, Ada', entities: [{ type: 'bold' }] })
      expect(await telegram.nextSent()).toMatchObject({ method: 'sendDocument', file: { filename: 'b.bin', bytes } })
      await inbox.close()
      await relay.stop()
      expect((await relay.ended).stderr).not.toMatch(/warning/i)
    } finally {
      await telegram.close()
    }
  }, 60_000)

  it('relay:PKG1 the bundle speaks to Discord as the sources do, files included', async () => {
    const discord = await startFakeDiscord()
    try {
      const relay = packed.npx(['serve', '--port', '0'], { CHAOS_DATA_DIR: ':memory:', CHAOS_DISCORD_API_ROOT: discord.apiRoot })
      const client = await createClient(await relay.listening)
      const inbox = await client.openResumed()
      const { json } = await client.post('/channels/discord/register', { botToken: discord.bot.token })
      const ada = discord.user('ada')
      await discord.bot.sessionStarts.next()
      ada.send(json.pairingCode)
      await discord.nextSent()
      ada.send('hello, bundle')
      expect((await inbox.nextOf('message')).message).toMatchObject({ content: 'hello, bundle', from: 'ada' })
      const bytes = Buffer.from([0, 1, 2, 255])
      const attachments = [{ filename: 'b.bin', mimeType: 'application/octet-stream', dataBase64: bytes.toString('base64') }]
      await client.post('/reply', { channelId: json.channelId, content: '**hello**, Ada', attachments })
      expect(await discord.nextSent()).toMatchObject({ channelId: ada.direct().id, content: '**hello**, Ada' })
      expect((await discord.nextSent()).file).toMatchObject({ filename: 'b.bin', bytes })
      await inbox.close()
      await relay.stop()
      expect((await relay.ended).stderr).not.toMatch(/warning/i)
    } finally {
      await discord.close()
    }
  }, 60_000)

  it('relay:PKG1 the bundle speaks to Slack as the sources do, files included', async () => {
    const slack = await startFakeSlack()
    try {
      const relay = packed.npx(['serve', '--port', '0'], { CHAOS_DATA_DIR: ':memory:', CHAOS_SLACK_API_ROOT: slack.apiRoot })
      const client = await createClient(await relay.listening)
      const inbox = await client.openResumed()
      const { botToken, appToken } = slack.app
      const { json } = await client.post('/channels/slack/register', { botToken, appToken })
      const ada = slack.user('Ada')
      ada.send(json.pairingCode)
      await slack.nextSent()
      ada.send('hello, bundle')
      expect((await inbox.nextOf('message')).message).toMatchObject({ content: 'hello, bundle', from: 'Ada' })
      const bytes = Buffer.from([0, 1, 2, 255])
      const attachments = [{ filename: 'b.bin', mimeType: 'application/octet-stream', dataBase64: bytes.toString('base64') }]
      await client.post('/reply', { channelId: json.channelId, content: '**hello**, Ada', attachments })
      expect(await slack.nextSent()).toMatchObject({ channel: ada.direct.id, source: '*hello*, Ada' })
      expect((await slack.nextSent()).file).toEqual({ name: 'b.bin', bytes })
      await inbox.close()
      await relay.stop()
      expect((await relay.ended).stderr).not.toMatch(/warning/i)
    } finally {
      await slack.close()
    }
  }, 60_000)

  it('relay:PKG1 the bundle holds what the relay’s pages load', async () => {
    const relay = packed.npx(['serve', '--port', '0'], { CHAOS_DATA_DIR: ':memory:', CHAOS_ADMIN_KEY: 'a long password' })
    const url = await relay.listening
    const { text } = await send(url, '/admin/login')
    const loaded = [...text.matchAll(/(?:href|src)="(\/admin\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(loaded.length).toBeGreaterThan(3)
    for (const path of loaded) expect((await send(url, path)).bytes.length, path).toBeGreaterThan(100)
    expect((await send(url, '/admin/assets/kit.css')).text).toContain('--accent: #0b666c')
    await relay.stop()
  }, 60_000)

  it('relay:PKG1 the bundle takes and sends mail by SMTP, with the thread that reads it', async () => {
    const out = await startMailServer()
    try {
      const port = await freePort()
      const relay = packed.npx(['serve', '--port', '0'], {
        CHAOS_DATA_DIR: ':memory:',
        CHAOS_EMAIL_DOMAIN: 'mail.example.org',
        CHAOS_SMTP_LISTEN: `127.0.0.1:${port}`,
        CHAOS_SMTP_OUT_URL: `smtp://127.0.0.1:${out.port}`,
      })
      const url = await relay.listening
      const client = await createClient(url)
      const { json } = await client.post('/channels/email/register', { userEmail: 'ada@example.com' })
      const form = new URLSearchParams(await linkIn(await out.mails.next()))
      expect((await send(url, '/email/verify', { method: 'POST', body: form.toString() })).status).toBe(200)
      const smtp = await openSmtp(port)
      await smtp.begin('ada@example.com', json.inboundAddress)
      const nested = Array.from(
        { length: 60 },
        (_, at) => `--b${at}\r\nContent-Type: multipart/mixed; boundary=b${at + 1}\r\n\r\n`,
      ).join('')
      // Read, and refused before any name server is asked.
      expect(await smtp.text(`From: ada@example.com\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n${nested}`)).toBe(
        '550 5.6.0 This mail cannot be read: its parts nest too deep.',
      )
      smtp.close()
      await relay.stop()
      expect((await relay.ended).stderr).not.toMatch(/warning/i)
    } finally {
      await out.close()
    }
  }, 60_000)

  it('relay:PKG1 on an older Node it ends with 1 and says what to do', () => {
    const command = join(unpacked, 'bin/chaos-relay.mjs')
    const pretend = "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'22.3.0'}})"
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', pretend, command, 'serve'], { encoding: 'utf8' })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^chaos-relay needs Node 24 or newer \(this is v\S+\)\. Install it from https:\/\/nodejs\.org\.\n$/)
    const older = realOldNode()
    if (older === undefined) return
    const real = spawnSync(older, [command, 'serve'], { encoding: 'utf8' })
    expect([real.status, real.stderr]).toEqual([1, expect.stringMatching(/^chaos-relay needs Node 24 or newer \(this is v/)])
  })

  it('relay:PKG2 the extension command prints the folder of the very extension', async () => {
    const { code, stdout } = await packed.npx(['extension']).ended
    expect(code).toBe(0)
    const folder = stdout.trim()
    const built = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    expect(built).toMatchObject({ manifest_version: 3, version: VERSION })
    expect(existsSync(join(folder, built.background.service_worker))).toBe(true)
  })
})

/** A Node on PATH that is too old for the relay, where there is one: the real thing beside the pretended. */
function realOldNode(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((path) => existsSync(path) && /^v(18|20|22)\./.test(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout))
}
