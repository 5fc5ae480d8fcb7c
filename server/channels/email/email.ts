import type { Clock } from '../../clock.ts'
import type { OwnerRoute, RateLimits, Route } from '../../http/route.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { ChannelAdapter, ChannelHost, Connection } from '../port.ts'
import { emailFacts, restingStatus } from './channelFacts.ts'
import { type EmailConfig, NOT_SET_UP } from './emailConfig.ts'
import { createFetchFile } from './fetchFile.ts'
import { createHealth } from './health.ts'
import { createInboundRoute } from './inboundRoute.ts'
import { createIntake } from './intake.ts'
import { createMailroom } from './mailroom.ts'
import { CATCH_UP_EVERY_MS, POLL_EVERY_MS, startPolling } from './polling.ts'
import { createProgress } from './progress.ts'
import { createRegisterRoutes } from './registerRoutes.ts'
import { createReplies } from './replies.ts'
import { createResend } from './resend.ts'
import { createSmtpSender } from './smtp/sender.ts'
import { createVerification } from './verification.ts'
import { createVerifyRoutes } from './verifyRoutes.ts'

/**
 * What e-mail channels need. `apiRoot` is Resend's API without a slash at the end. `publicUrl` is CHAOS_PUBLIC_URL: with an https one mail
 * comes by webhook, otherwise the list of received mail is polled (relay:EML7). `baseUrlForPages` gives the base of links in mails:
 * CHAOS_PUBLIC_URL, else the address the relay listens on, asked for when a mail is written. `random` gives that many CSPRNG bytes. `nameServers`
 * are asked about who sends mail, the system's when unset.
 */
export type EmailDependencies = {
  host: ChannelHost
  limits: RateLimits
  clock: Clock
  random: (bytes: number) => Uint8Array
  log: Pick<Log, 'info' | 'warn' | 'error'>
  fetch?: typeof fetch
  config: EmailConfig
  apiRoot: string
  nameServers?: readonly string[] | undefined
  publicUrl: string | undefined
  baseUrlForPages: () => string
}

/** The e-mail channel: its adapter, its routes, and the reading of received mail that `start` begins and `close` ends. relay §14 */
export function createEmail(relay: EmailDependencies): {
  adapter: ChannelAdapter
  /** For the owners of channels. */
  ownerRoutes: OwnerRoute[]
  routes: Route[]
  start(): Promise<Connection & { smtpPort?: number }>
} {
  const { host, clock, log, config, apiRoot } = relay
  const stop = new AbortController()
  const resend =
    config.resendApiKey === undefined
      ? undefined
      : createResend({ apiKey: config.resendApiKey, apiRoot, fetch: relay.fetch ?? fetch, stop: stop.signal })
  // The operator's own server, where there is one. relay:EML1
  const sender =
    config.domain !== undefined && config.smtpOut !== undefined
      ? createSmtpSender({ out: config.smtpOut, domain: config.domain, stop: stop.signal })
      : resend
  const health = createHealth(host)
  const progress = createProgress(host)
  const mailroom = createMailroom({ host, log })
  const intake = resend && createIntake({ mailroom, resend })
  const verification = createVerification(relay)

  /** Nothing is opened per channel; its owner is told how things stand. */
  function startChannel(channel: ChannelRecord): Connection {
    const facts = emailFacts(channel)
    const configured = config.domain !== undefined && sender !== undefined
    const status = facts && (configured ? restingStatus(facts) : NOT_CONFIGURED)
    if (status) host.setStatus(channel.id, status).catch(() => log.warn({ channelId: channel.id }, STATUS_NOT_STORED))
    return { close: async () => undefined }
  }

  /** Loaded only where mail is taken by SMTP. relay:EML8 */
  async function startSmtp() {
    const { domain, smtpIn: settings } = config
    if (!settings || domain === undefined) return undefined
    const { startReceiver } = await import('./smtp/receiver.ts')
    return startReceiver({ settings, domain, nameServers: relay.nameServers, mailroom, limits: relay.limits, clock, log })
  }

  return {
    adapter: {
      type: 'email',
      recognisesRepeats: sender?.recognisesRepeats ?? false,
      start: startChannel,
      ...createReplies({ host, sender, health }),
      fetchFile: createFetchFile(resend),
    },
    ownerRoutes: createRegisterRoutes({ ...relay, sender, health, verification }),
    routes: [...createVerifyRoutes(verification), createInboundRoute({ ...relay, intake, progress, health })],
    async start() {
      const receiver = await startSmtp()
      const announced = relay.publicUrl?.startsWith('https://') === true && config.resendWebhookSecret !== undefined
      const everyMs = announced ? CATCH_UP_EVERY_MS : POLL_EVERY_MS
      const polling = resend && intake && startPolling({ resend, intake, progress, health, clock, log, everyMs })
      return {
        ...(receiver && { smtpPort: receiver.port }),
        async close() {
          stop.abort()
          await Promise.all([polling?.close(), receiver?.close()])
        },
      }
    },
  }
}

const NOT_CONFIGURED = { state: 'not_configured', detail: NOT_SET_UP } as const
const STATUS_NOT_STORED = 'The status of a channel could not be stored.'
