import { createQueue } from '../queue.ts'
import { createFaults, type Operation } from './faults.ts'
import type { Account, FakeFile, FakeMail, SentMail } from './model.ts'
import { eventOf } from './receiving.ts'
import { createSending } from './sending.ts'
import { serveResendApi } from './server.ts'
import { deliverEvent } from './webhooks.ts'

export type FakeResend = Awaited<ReturnType<typeof startFakeResend>>

export type NewMail = Partial<Omit<FakeMail, 'id' | 'files'>> & { files?: (Partial<FakeFile> & { bytes: Uint8Array })[] }

/**
 * Resend on loopback, with one account and one domain: sends, keeps what it received, and announces it by signed events that come back until
 * they are taken. `now` is the provider's clock.
 */
export async function startFakeResend({
  domain = 'mail.example.org',
  now = Date.now,
  apiKey = 're_fake_0123456789abcdef',
  webhookSecret = `whsec_${Buffer.from('fake webhook secret of the tests').toString('base64')}`,
}: {
  domain?: string
  now?: () => number
  apiKey?: string
  webhookSecret?: string
} = {}) {
  const account: Account = { apiKey, access: 'full', domain, inbox: [] }
  const faults = createFaults()
  const sent = createQueue<SentMail>()
  const calls = createQueue<{ operation: Operation; path: string }>()
  let received = 0
  let events = 0
  const { apiRoot, close } = await serveResendApi({
    account,
    faults,
    send: createSending(account, sent.put),
    called: (operation, path) => calls.put({ operation, path }),
  })

  return {
    apiRoot,
    apiKey: account.apiKey,
    webhookSecret,
    domain,
    account,
    faults,
    /** Every mail that left, in order. */
    sent,
    calls,
    /** How often an operation was called so far. */
    count: (operation: Operation) => calls.all.filter((call) => call.operation === operation).length,
    /** The environment of a relay that uses this fake. */
    env: { CHAOS_EMAIL_DOMAIN: domain, RESEND_API_KEY: account.apiKey, CHAOS_RESEND_API_ROOT: apiRoot },

    /** A mail arrives at the domain. */
    receive(mail: NewMail): FakeMail {
      const n = ++received
      const stored: FakeMail = {
        id: `mail-${n}`,
        created_at: new Date(now()).toISOString().replace('T', ' ').replace('Z', '000+00'),
        from: 'Ada <ada@example.com>',
        to: [],
        cc: [],
        bcc: [],
        subject: 'Hello',
        message_id: `<m${n}@example.com>`,
        text: 'Hello there',
        html: null,
        headers: {},
        ...mail,
        files: (mail.files ?? []).map((file, index) => ({
          id: `file-${n}-${index + 1}`,
          filename: `file-${index + 1}.bin`,
          content_type: 'application/octet-stream',
          content_disposition: 'attachment',
          content_id: null,
          ...file,
        })),
      }
      account.inbox.unshift(stored)
      return stored
    },

    /** Announces a mail to a webhook until it is taken; the statuses of the attempts. */
    announce(mail: FakeMail, url: string, { attempts = 5, id = `msg_${++events}` }: { attempts?: number; id?: string } = {}) {
      return deliverEvent({ url, id, body: JSON.stringify(eventOf(mail)), secret: webhookSecret, now, attempts })
    },

    close,
  }
}
