import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startFakeDiscord } from '../../fakes/discord/fake.ts'
import { startFakeResend } from '../../fakes/resend/fake.ts'
import { startFakeSlack } from '../../fakes/slack/fake.ts'
import { HONEST_ZONE } from '../../fakes/smtp/receiving.ts'
import { startMailServer } from '../../fakes/smtp/server.ts'
import { startFakeTelegram } from '../../fakes/telegram/fake.ts'
import { startNameServer } from '../../support/dns.ts'
import { freePort } from '../../support/proxies.ts'
import { startRelayProcess } from '../../support/relayProcess.ts'
import { filesBelow, type Place } from './scan.ts'
import { createSecrets } from './secrets.ts'
import { startTap, type Tap } from './tap.ts'

/** The relay with name servers of the test, and whatever else it is given by the environment. */
export const RELAY = fileURLToPath(new URL('../../support/relayWithNames.ts', import.meta.url))
export const PUBLIC_URL = 'https://relay.example.org'

const UNLIMITED = [
  'inbound',
  'inboundAuthFail',
  'channelRegister',
  'poll',
  'wsTicket',
  'wsReply',
  'reply',
  'register',
  'adminLogin',
]

export type World = Awaited<ReturnType<typeof startWorld>>

/**
 * Every platform there is, with secrets that can be recognised, and a folder for a relay that uses them all and writes down whatever it can. `run`
 * starts it as a process; everything it says from then on, to whomever, is in `places`.
 */
export async function startWorld({ command = RELAY }: { command?: string } = {}) {
  const secrets = createSecrets()
  const folder = mkdtempSync(join(tmpdir(), 'chaos-canary-'))
  const dataDir = join(folder, 'data')
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  const taps: Tap[] = []
  const logs: Place[] = []
  const running = new Set<() => Promise<void>>()

  const keys = {
    admin: secrets.make('CHAOS_ADMIN_KEY'),
    encryption: secrets.watch('CHAOS_ENCRYPTION_KEY', randomBytes(32).toString('hex')),
    resend: secrets.make('RESEND_API_KEY', undefined, 're_'),
    resendWebhook: secrets.watch('RESEND_WEBHOOK_SECRET', `whsec_${randomBytes(24).toString('base64')}`),
    smtp: secrets.make('the password in CHAOS_SMTP_OUT_URL'),
  }
  const [telegram, discord, slack, resend, mail, dns] = await Promise.all([
    startFakeTelegram(),
    startFakeDiscord(),
    startFakeSlack(),
    startFakeResend({ apiKey: keys.resend, webhookSecret: keys.resendWebhook }),
    startMailServer({ credentials: { user: 'relay', password: keys.smtp } }),
    startNameServer({ ...HONEST_ZONE }),
  ])
  telegram.bot.token = secrets.make('the bot token of Telegram', undefined, `${telegram.bot.me.id}:AAE`)
  discord.bot.token = secrets.make(
    'the bot token of Discord',
    undefined,
    `${Buffer.from(discord.bot.user.id).toString('base64url')}.Gfake_.`,
  )
  slack.app.botToken = secrets.make('the bot token of Slack', undefined, 'xoxb-1-2-')
  slack.app.appToken = secrets.make('the app token of Slack', undefined, `xapp-1-${slack.app.appId}-3-`)
  slack.app.signingSecret = secrets.watch('the signing secret of Slack', randomBytes(16).toString('hex'))

  const smtpPort = await freePort()
  const env = {
    TMPDIR: temporary,
    LOG_LEVEL: 'trace',
    LOG_FORMAT: 'json',
    TEST_NAME_SERVERS: dns.address,
    CHAOS_RATE_LIMITS: JSON.stringify(Object.fromEntries(UNLIMITED.map((key) => [key, { limit: 0, windowSec: 60 }]))),
    CHAOS_ADMIN_KEY: keys.admin,
    CHAOS_ENCRYPTION_KEY: keys.encryption,
    CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot,
    CHAOS_DISCORD_API_ROOT: discord.apiRoot,
    CHAOS_SLACK_API_ROOT: slack.apiRoot,
    CHAOS_SMTP_OUT_URL: `smtp://relay:${keys.smtp}@127.0.0.1:${mail.port}`,
    CHAOS_SMTP_LISTEN: `127.0.0.1:${smtpPort}`,
    ...resend.env,
    RESEND_WEBHOOK_SECRET: keys.resendWebhook,
  }

  return {
    secrets,
    keys,
    telegram,
    discord,
    slack,
    resend,
    mail,
    dataDir,
    env,
    /** Starts the relay; `url` and `smtp` are what stands before it and listens in. `stop` ends it. */
    async run(more: Record<string, string> = {}) {
      const relay = await startRelayProcess({ command, dataDir, env: { ...env, ...more } })
      const [http, smtp] = [await startTap(relay.port), await startTap(smtpPort, 'SMTP')]
      taps.push(http, smtp)
      async function stop(): Promise<void> {
        running.delete(stop)
        const { stdout, stderr } = await relay.kill('SIGTERM')
        logs.push({ where: 'log', bytes: Buffer.from(stdout + stderr) })
      }
      running.add(stop)
      return { url: http.url, smtpPort: smtp.port, stop }
    },
    /** The files as they lie on the disk while a relay works with them. */
    keepFiles: (): void => void logs.push(...filesBelow(folder)),
    note: (where: string, text: string): void => void logs.push({ where, bytes: Buffer.from(text) }),
    /** Everything that was said and written: logs, answers, frames, what the platforms were told, and the files as they lie on the disk. */
    places(): Place[] {
      const told = {
        telegram: [telegram.bot.calls.all, telegram.sent],
        discord: [discord.bot.calls.all, discord.sent],
        slack: [slack.app.calls.all, slack.sent],
        mail: [mail.mails.all, resend.sent.all],
      }
      const platforms = Object.entries(told).map(([name, what]) => ({
        where: `told ${name}`,
        bytes: Buffer.from(JSON.stringify(what)),
      }))
      return [...logs, ...taps.flatMap(({ places }) => places), ...platforms, ...filesBelow(folder)]
    },
    /** The platforms are gone, and whoever asks them is refused the connection. */
    async endPlatforms(): Promise<void> {
      await Promise.all([telegram, discord, slack, resend, mail].map((platform) => platform.close()))
    },
    async close(): Promise<void> {
      for (const stop of running) await stop()
      for (const tap of taps) await tap.close()
      await dns.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
