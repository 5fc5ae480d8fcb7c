import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { HONEST_ZONE, mailText } from '../fakes/smtp/receiving.ts'
import { startMailServer } from '../fakes/smtp/server.ts'
import { linkIn } from '../fakes/smtp/withRelay.ts'
import { createClient } from '../support/client.ts'
import { startNameServer } from '../support/dns.ts'
import { freePort } from '../support/proxies.ts'
import { startRelayProcess } from '../support/relayProcess.ts'
import { openSmtp } from '../support/smtpClient.ts'

const LONG = process.env.CHAOS_FAULTS === 'long'
const [MAILS, KILLS] = LONG ? [600, 60] : [60, 6]
/** As many as a mail server opens. */
const SENDERS = 4
const NO_LIMITS = '{"emailInbound":{"limit":0,"windowSec":60},"poll":{"limit":0,"windowSec":60}}'

describe('a relay that is killed while mail comes by SMTP', () => {
  it('relay:DUR1 relay:DUR2 what was answered 250 is there, once; what was not, once it was handed over again', async () => {
    const dns = await startNameServer({ ...HONEST_ZONE })
    const out = await startMailServer()
    const port = await freePort()
    const relay = await startRelayProcess({
      command: fileURLToPath(new URL('../support/relayWithNames.ts', import.meta.url)),
      env: {
        TEST_NAME_SERVERS: dns.address,
        CHAOS_EMAIL_DOMAIN: 'mail.example.org',
        CHAOS_SMTP_LISTEN: `127.0.0.1:${port}`,
        CHAOS_SMTP_OUT_URL: `smtp://127.0.0.1:${out.port}`,
        CHAOS_RATE_LIMITS: NO_LIMITS,
        LOG_LEVEL: 'error',
      },
    })
    try {
      const client = await createClient(relay.url)
      const { inboundAddress: to } = (await client.post('/channels/email/register', { userEmail: 'ada@example.com' })).json
      await fetch(`${relay.url}/email/verify`, { method: 'POST', body: new URLSearchParams(await linkIn(await out.mails.next())) })

      const waiting = Array.from({ length: MAILS }, (_, at) => at)
      const taken: number[] = []
      let kills = 0
      let killing: Promise<void> | undefined
      /** Right after an answer, at a moment in which the other senders are anywhere. */
      const killNow = async () => {
        await relay.kill('SIGKILL')
        await relay.start()
        kills += 1
        killing = undefined
      }
      const senders = Array.from({ length: SENDERS }, async () => {
        for (let mail = waiting.shift(); mail !== undefined; mail = waiting.shift()) {
          if (await handOver(port, to, mail)) taken.push(mail)
          else waiting.push(mail)
          if (!killing && kills < KILLS && taken.length >= ((kills + 1) * MAILS) / (KILLS + 1)) killing = killNow()
          await killing
        }
      })
      await Promise.all(senders)
      expect(kills).toBe(KILLS)
      expect(new Set(taken).size).toBe(MAILS)

      const stored: number[] = []
      for (let after = 0, more = true; more; ) {
        const { messages, hasMore, nextAfter } = (await client.get(`/messages?after=${after}&limit=500`)).json
        stored.push(...messages.map(({ content }: { content: string }) => Number(/mail (\d+)/.exec(content)?.[1])))
        after = nextAfter
        more = hasMore
      }
      expect(stored.sort((a, b) => a - b)).toEqual(Array.from({ length: MAILS }, (_, at) => at))
    } finally {
      await relay.close()
      await out.close()
      await dns.close()
    }
  })
})

/** True when the relay said 250; it may be gone at any moment. */
async function handOver(port: number, to: string, mail: number): Promise<boolean> {
  const smtp = await openSmtp(port)
  try {
    const answers = await smtp.begin('ada@example.com', to)
    if (answers.some((answer) => !answer.startsWith('250'))) return false
    return (await smtp.text(mailText({ 'Message-ID': `<${mail}@example.com>` }, `mail ${mail}`))).startsWith('250')
  } finally {
    smtp.close()
  }
}
