import type { Clock } from '../../../server/clock.ts'
import { type RelayOptions, startRelay } from '../../support/relay.ts'
import { startFakeResend } from './fake.ts'
import type { FakeMail } from './model.ts'

export type EmailRelay = Awaited<ReturnType<typeof startEmailRelay>>

/** The environment in which the provider announces mail by events. */
export const ANNOUNCED = { CHAOS_PUBLIC_URL: 'https://relay.example.org/chaos' }

/** A real relay that uses a fake Resend, with one registered client. Close it in `afterEach`. */
export async function startEmailRelay({
  env = {},
  clock,
  ...options
}: { env?: Record<string, string>; clock?: Clock } & Omit<RelayOptions, 'env' | 'clock'> = {}) {
  const resend = await startFakeResend(clock && { now: clock.now })
  const relay = await startRelay({
    env: { ...resend.env, RESEND_WEBHOOK_SECRET: resend.webhookSecret, ...env },
    ...(clock && { clock }),
    ...options,
  })
  const client = await relay.client()

  /** Opens the link of the newest mail. */
  async function newestLink(): Promise<{ target: string; token: string; channelId: string; href: string }> {
    const href = /https?:\/\/\S+\/email\/verify\?\S+/.exec(resend.sent.all.at(-1)?.text ?? '')?.[0] ?? ''
    const { searchParams } = new URL(href)
    const [token, channelId] = [searchParams.get('token') ?? '', searchParams.get('channelId') ?? '']
    return { target: `/email/verify?${searchParams}`, token, channelId, href }
  }

  const register = (body: Record<string, unknown> = {}) =>
    client.post('/channels/email/register', { userEmail: 'ada@example.com', ...body })

  const confirm = (form: Record<string, string>) =>
    fetch(`${relay.url}/email/verify`, { method: 'POST', body: new URLSearchParams(form) })

  return {
    relay,
    resend,
    client,
    register,
    confirm,
    newestLink,
    /** A channel that takes mail. */
    async verifiedChannel(body: Record<string, unknown> = {}): Promise<{ channelId: string; inboundAddress: string }> {
      const registered = await register(body)
      if (registered.status !== 201) throw new Error(`not registered: ${registered.status} ${registered.text}`)
      const { token, channelId } = await newestLink()
      const confirmed = await confirm({ token, channelId })
      if (confirmed.status !== 200) throw new Error(`not verified: ${confirmed.status}`)
      return registered.json
    },
    /** The provider tells the relay of a mail; the statuses of its attempts. */
    announce: (mail: FakeMail, options?: { attempts?: number; id?: string }) =>
      resend.announce(mail, `${relay.url}/email/inbound`, options),
    channel: async (id: string) =>
      (await client.get('/channels')).json.channels.find((channel: { id: string }) => channel.id === id),
    messages: async () => (await client.get('/messages?after=0')).json.messages,
    async close(): Promise<void> {
      await relay.close()
      await resend.close()
    },
  }
}
