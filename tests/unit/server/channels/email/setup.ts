import { randomBytes } from 'node:crypto'
import { RelayError } from '../../../../../lib/protocol/errors.ts'
import { createEmail } from '../../../../../server/channels/email/email.ts'
import type { EmailConfig } from '../../../../../server/channels/email/emailConfig.ts'
import type { Inbound } from '../../../../../server/channels/port.ts'
import type { LimitKey, Route } from '../../../../../server/http/route.ts'
import type { ChannelRecord } from '../../../../../server/store/records.ts'
import { createFakeHost } from '../../../../fakes/channelHost.ts'
import { startFakeResend } from '../../../../fakes/resend/fake.ts'
import { createFakeClock } from '../../../../support/fakeClock.ts'

export const INBOX = 'ada-0123456789@mail.example.org'

type Options = { publicUrl?: string; config?: Partial<EmailConfig>; channels?: Partial<ChannelRecord>[] }

/** The e-mail channel with a host in memory and a fake provider, its routes called without HTTP. */
export async function setUpEmail(options: Options = {}) {
  const clock = createFakeClock()
  const resend = await startFakeResend({ now: clock.now })
  const fake = createFakeHost()
  const consumed: LimitKey[] = []
  const ingest = fake.host.ingest
  const stored = new Map<string, string>()
  const ingested: { channelId: string; message: Inbound }[] = []
  let storageFails = 0

  /** As the real host: a repeated id is stored once, and a failed commit leaves nothing. relay:DUR2 */
  fake.host.ingest = async (channel: ChannelRecord, message: Inbound) => {
    if (storageFails > 0) {
      storageFails -= 1
      throw new RelayError('storage_unavailable', 'The disk is full.')
    }
    const known = stored.get(`${channel.id}|${message.dedupKey}`)
    if (known !== undefined) return { messageId: known, duplicate: true }
    const result = await ingest(channel, message)
    stored.set(`${channel.id}|${message.dedupKey}`, result.messageId)
    ingested.push({ channelId: channel.id, message })
    return result
  }

  const make = () =>
    createEmail({
      host: fake.host,
      limits: { consume: (key) => void consumed.push(key) },
      clock,
      random: randomBytes,
      log: { info() {}, warn() {} } as never,
      config: {
        domain: resend.domain,
        resendApiKey: resend.apiKey,
        resendWebhookSecret: resend.webhookSecret,
        unsigned: false,
        loopback: true,
        ...options.config,
      },
      apiRoot: resend.apiRoot,
      publicUrl: options.publicUrl,
      baseUrlForPages: () => options.publicUrl ?? 'http://127.0.0.1:8787',
    })

  for (const channel of options.channels ?? [{}]) fake.channel(emailChannel(channel))

  return {
    ...fake,
    /** What was stored, what was refused and what owners were told, in order. */
    ingested,
    rejections: fake.rejections.all,
    statuses: fake.statuses.all,
    clock,
    resend,
    consumed,
    email: make(),
    /** Another relay on the same store, as after a restart. */
    make,
    failStorage: (times: number) => {
      storageFails = times
    },
  }
}

export function emailChannel(given: Partial<ChannelRecord> = {}): Partial<ChannelRecord> {
  return {
    id: 'mail1',
    type: 'email',
    metadata: {},
    createdAt: Date.parse('2026-03-01T00:00:00.000Z'),
    platform: { userEmail: 'ada@example.com', inboundAddress: INBOX, verified: true },
    status: { state: 'ok' },
    ...given,
  }
}

/** Calls a route as the server would: `before`, then `handle`. */
export async function call(
  routes: readonly Route[],
  method: string,
  target: string,
  given: { headers?: Record<string, string>; body?: string; params?: Record<string, string> } = {},
) {
  const [pathname = '', query = ''] = target.split('?')
  const route = routes.find((candidate) => candidate.method === method && candidate.path === pathname)
  if (!route) throw new Error(`no route ${method} ${pathname}`)
  const request = {
    id: 'r1',
    method,
    pathname,
    target,
    query: new URLSearchParams(query),
    params: given.params ?? {},
    headers: given.headers ?? {},
    ip: '127.0.0.1',
    body: Buffer.from(given.body ?? ''),
    baseUrl: 'http://evil.example',
  }
  await route.before?.(request)
  return route.handle(request)
}
