import PostalMime, { type Email } from 'postal-mime'
import { ANNOUNCED, startEmailRelay } from '../resend/withRelay.ts'
import { startMailServer, type WireMail } from './server.ts'

export type SmtpRelay = Awaited<ReturnType<typeof startSmtpRelay>>

type Options = NonNullable<Parameters<typeof startEmailRelay>[0]> & {
  server?: Parameters<typeof startMailServer>[0]
  /** CHAOS_SMTP_OUT_URL, given the port of the mail server. */
  url?: (port: number) => string
}

/** A relay that sends through a mail server and receives through Resend, with one registered client. */
export async function startSmtpRelay({ server, url = (port) => `smtp://127.0.0.1:${port}`, env, ...options }: Options = {}) {
  const smtp = await startMailServer(server)
  const email = await startEmailRelay({ ...options, env: { ...ANNOUNCED, ...env, CHAOS_SMTP_OUT_URL: url(smtp.port) } })

  /** The next reply that left, as its reader sees it. */
  async function nextReply(): Promise<{ wire: WireMail; email: Email }> {
    const wire = await smtp.mails.next(({ raw }) => raw.includes('Auto-Submitted: auto-replied'))
    return { wire, email: await PostalMime.parse(wire.raw) }
  }

  async function verifiedChannel(): Promise<{ channelId: string; inboundAddress: string }> {
    const registered = await email.register()
    if (registered.status !== 201) throw new Error(`not registered: ${registered.status} ${registered.text}`)
    await email.confirm(await linkIn(await smtp.mails.next()))
    return registered.json
  }

  return {
    ...email,
    smtp,
    nextReply,
    verifiedChannel,
    /** A mail arrives, so that there is somebody to answer. */
    async mailArrives(inboundAddress: string, mail: Parameters<typeof email.resend.receive>[0] = {}) {
      await email.announce(email.resend.receive({ to: [inboundAddress], ...mail }))
    },
    state: async (responseId: string) => (await email.client.get(`/replies/${responseId}`)).json,
    async close(): Promise<void> {
      await email.close()
      await smtp.close()
    },
  }
}

/** The form fields of the link in a verification mail. */
export async function linkIn({ raw }: WireMail): Promise<{ token: string; channelId: string }> {
  const { text = '' } = await PostalMime.parse(raw)
  const { searchParams } = new URL(/https?:\/\/\S+\/email\/verify\?\S+/.exec(text)?.[0] ?? '')
  return { token: searchParams.get('token') ?? '', channelId: searchParams.get('channelId') ?? '' }
}
