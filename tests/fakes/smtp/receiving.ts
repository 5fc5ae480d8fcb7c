import type { Clock } from '../../../server/clock.ts'
import { startNameServer, type Zone } from '../../support/dns.ts'
import { type RelayOptions, startRelay } from '../../support/relay.ts'
import { openSmtp } from '../../support/smtpClient.ts'
import { startMailServer } from './server.ts'
import { linkIn } from './withRelay.ts'

export type ReceivingRelay = Awaited<ReturnType<typeof startReceivingRelay>>

/** `example.com` sends from this machine and says so; `forged.example` says that nobody sends for it. */
export const HONEST_ZONE: Zone = {
  'example.com': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject'] },
  'forged.example': { TXT: ['v=spf1 -all'] },
  '_dmarc.forged.example': { TXT: ['v=DMARC1; p=reject'] },
}

/** A relay that takes mail by SMTP, with name servers of its own and one registered client. No Resend. Close it in `afterEach`. */
export async function startReceivingRelay({
  env = {},
  clock,
  zone = {},
  ...options
}: { env?: Record<string, string>; clock?: Clock; zone?: Zone } & Omit<RelayOptions, 'env' | 'clock' | 'nameServers'> = {}) {
  const dns = await startNameServer({ ...HONEST_ZONE, ...zone })
  const out = await startMailServer()
  const relay = await startRelay({
    env: {
      CHAOS_EMAIL_DOMAIN: 'mail.example.org',
      CHAOS_SMTP_LISTEN: '127.0.0.1:0',
      CHAOS_SMTP_OUT_URL: `smtp://127.0.0.1:${out.port}`,
      ...env,
    },
    nameServers: [dns.address],
    ...(clock && { clock }),
    ...options,
  })
  const client = await relay.client()

  async function register(body: Record<string, unknown> = {}): Promise<{ channelId: string; inboundAddress: string }> {
    const { status, json, text } = await client.post('/channels/email/register', { userEmail: 'ada@example.com', ...body })
    if (status !== 201) throw new Error(`not registered: ${status} ${text}`)
    return json
  }

  return {
    relay,
    dns,
    out,
    client,
    register,
    /** A channel that takes mail from ada@example.com, or from whom is said. */
    async verifiedChannel({ allowedSenders, ...body }: Record<string, unknown> = {}) {
      const registered = await register(body)
      const form = new URLSearchParams(await linkIn(await out.mails.next()))
      const confirmed = await fetch(`${relay.url}/email/verify`, { method: 'POST', body: form })
      if (confirmed.status !== 200) throw new Error(`not verified: ${confirmed.status}`)
      if (allowedSenders) await client.patch(`/channels/${registered.channelId}`, { allowedSenders })
      return registered
    },
    connect: (given?: Parameters<typeof openSmtp>[1]) => openSmtp(relay.smtpPort, given),
    /** One mail in one conversation; the answer to its text, or the first refusal before it. */
    async deliver(
      raw: string | Uint8Array,
      to: string | string[],
      { mailFrom = 'ada@example.com', from = '127.0.0.1' } = {},
    ): Promise<string> {
      const smtp = await openSmtp(relay.smtpPort, { from })
      try {
        const answers = await smtp.begin(mailFrom, ...[to].flat())
        return answers.find((answer) => /^[45]/.test(answer)) ?? (await smtp.text(raw))
      } finally {
        smtp.close()
      }
    },
    channel: async (id: string) =>
      (await client.get('/channels')).json.channels.find((channel: { id: string }) => channel.id === id),
    messages: async () => (await client.get('/messages?after=0')).json.messages,
    async close(): Promise<void> {
      await relay.close()
      await out.close()
      await dns.close()
    },
  }
}

/** A plain mail as text. Fields given replace or add to the usual ones; an empty one is left out. */
export function mailText(fields: Record<string, string> = {}, body = 'Hello there'): string {
  const usual = {
    From: 'Ada <ada@example.com>',
    To: 'relay',
    Subject: 'Hello',
    'Message-ID': '<m1@example.com>',
    Date: new Date().toUTCString(),
  }
  const lines = Object.entries({ ...usual, ...fields }).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]))
  return `${lines.join('\r\n')}\r\n\r\n${body.replace(/\r?\n/g, '\r\n')}\r\n`
}
