import type { Clock } from '../../clock.ts'
import type { Guards, RateLimits, Route } from '../../http/route.ts'
import type { Log } from '../../log.ts'
import type { ChannelAdapter, ChannelHost, Connection } from '../port.ts'

/** What an operator set for e-mail. Without `domain` or `resendApiKey` registering answers 503 (relay:EML1). */
export type EmailConfig = {
  domain?: string | undefined
  resendApiKey?: string | undefined
  resendWebhookSecret?: string | undefined
  /** CHAOS_EMAIL_UNSIGNED, which counts on a loopback bind only. relay:EML6 */
  unsigned: boolean
  loopback: boolean
}

/**
 * What e-mail channels need. `apiRoot` is Resend's API without a slash at the end. `publicUrl` is CHAOS_PUBLIC_URL: with an https one mail
 * comes by webhook, otherwise the list of received mail is polled (relay:EML7). `baseUrlForPages` gives the base of links in mails:
 * CHAOS_PUBLIC_URL, else the address the relay listens on, asked for when a mail is written. `random` gives that many CSPRNG bytes.
 */
export type EmailDependencies = {
  host: ChannelHost
  guards: Guards
  limits: RateLimits
  clock: Clock
  random: (bytes: number) => Uint8Array
  log: Pick<Log, 'info' | 'warn'>
  fetch?: typeof fetch
  config: EmailConfig
  apiRoot: string
  publicUrl: string | undefined
  baseUrlForPages: () => string
}

/** The e-mail channel: its adapter, its routes, and the polling that `start` begins and `close` ends. relay §14 */
export function createEmail(_relay: EmailDependencies): { adapter: ChannelAdapter; routes: Route[]; start(): Connection } {
  return {
    adapter: { type: 'email', parts: () => [], send: () => Promise.reject(new Error('E-mail cannot send yet.')) },
    routes: [],
    start: () => ({ close: async () => undefined }),
  }
}
