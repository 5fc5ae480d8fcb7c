import { afterEach, describe, expect, it } from 'vitest'
import { RelayError } from '../../../../../lib/protocol/errors.ts'
import type { Connection } from '../../../../../server/channels/port.ts'
import { emailChannel, INBOX, setUpEmail } from './setup.ts'

type Setup = Awaited<ReturnType<typeof setUpEmail>>

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function setUp(options: Parameters<typeof setUpEmail>[0] = {}): Promise<Setup & { start(): Connection }> {
  const made = await setUpEmail(options)
  open.push(made.resend.close)
  return {
    ...made,
    start() {
      const running = made.make().start()
      open.push(() => running.close())
      return running
    },
  }
}

/** Waits until the provider was asked for the list `n` times and the pass has ended (its next timer is set). */
async function passes({ resend, clock }: Setup, n: number): Promise<void> {
  while (resend.count('list') < n || clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
}

async function untilStored({ ingested }: Setup, n: number): Promise<void> {
  while (ingested.length < n) await new Promise((resolve) => setImmediate(resolve))
}

describe('polling for mail', () => {
  it('relay:EML7 without an https address mail is read from the list, every 20 s', async () => {
    const relay = await setUp()
    relay.resend.receive({ to: [INBOX], subject: 'First' })
    relay.start()
    await passes(relay, 1)
    expect(relay.ingested.map(({ message }) => message.content)).toEqual(['Subject: First\n\nHello there'])
    relay.resend.receive({ to: [`Somebody <${INBOX.toUpperCase()}>`], subject: 'Second' })
    await relay.clock.advance(19_999)
    expect(relay.resend.count('list')).toBe(1)
    await relay.clock.advance(1)
    await passes(relay, 2)
    expect(relay.ingested.map(({ message }) => message.metadata.subject)).toEqual(['First', 'Second'])
  })

  it('relay:EML7 the cursor is committed with the mail, and a restart goes on from it', async () => {
    const relay = await setUp()
    relay.resend.receive({ to: [INBOX] })
    const running = relay.start()
    await passes(relay, 1)
    expect(relay.ingested[0]?.message.positions).toEqual([{ key: 'email.cursor', value: expect.stringContaining('mail-1') }])
    await running.close()
    await relay.clock.advance(1000)
    relay.resend.receive({ to: [INBOX] })
    relay.start()
    await passes(relay, 2)
    expect(relay.ingested.map(({ message }) => message.dedupKey)).toEqual(['<m1@example.com>', '<m2@example.com>'])
    expect(relay.resend.calls.all.filter(({ path }) => path === '/emails/receiving/mail-1')).toHaveLength(1)
  })

  it('relay:EML7 a relay killed before its next pass takes nothing twice and loses nothing', async () => {
    const relay = await setUp()
    for (let n = 0; n < 5; n++) relay.resend.receive({ to: [INBOX] })
    const ingest = relay.host.ingest
    let killed = false
    relay.host.ingest = async (channel, message) => {
      if (killed) throw new RelayError('storage_unavailable', 'killed')
      const result = await ingest(channel, message)
      killed = relay.ingested.length === 3
      return result
    }
    const first = relay.start()
    await passes(relay, 1)
    await first.close()
    killed = false
    relay.start()
    await passes(relay, 2)
    expect(relay.ingested.map(({ message }) => message.dedupKey)).toEqual([1, 2, 3, 4, 5].map((n) => `<m${n}@example.com>`))
    expect(relay.resend.count('mail')).toBe(5 + 1)
  })

  it('relay:EML7 250 mails over several pages come in order, each once', async () => {
    const relay = await setUp()
    for (let n = 0; n < 250; n++) {
      relay.resend.receive({ to: [INBOX] })
      await relay.clock.advance(5_000)
    }
    relay.start()
    await untilStored(relay, 250)
    await passes(relay, 3)
    expect(relay.ingested.map(({ message }) => message.dedupKey)).toEqual(
      Array.from({ length: 250 }, (_, n) => `<m${n + 1}@example.com>`),
    )
    const lists = relay.resend.count('list')
    await relay.clock.advance(20_000)
    await passes(relay, lists + 1)
    expect(relay.resend.count('list')).toBe(lists + 1)
    expect(relay.resend.count('mail')).toBe(250)
  })

  it('relay:EML7 a mail that is listed late, below newer ones, is still taken', async () => {
    const relay = await setUp()
    const late = new Date(relay.clock.now()).toISOString()
    await relay.clock.advance(60_000)
    relay.resend.receive({ to: [INBOX], subject: 'on time' })
    relay.start()
    await passes(relay, 1)
    const mail = relay.resend.receive({ to: [INBOX], subject: 'late', created_at: late })
    relay.resend.account.inbox.push(relay.resend.account.inbox.shift() ?? mail)
    await relay.clock.advance(20_000)
    await passes(relay, 2)
    expect(relay.ingested.map(({ message }) => message.metadata.subject)).toEqual(['on time', 'late'])
  })

  it('relay:EML7 it makes no difference when the mail last seen is deleted at the provider', async () => {
    const relay = await setUp()
    relay.resend.receive({ to: [INBOX] })
    const running = relay.start()
    await passes(relay, 1)
    await running.close()
    relay.resend.account.inbox.length = 0
    await relay.clock.advance(1000)
    relay.resend.receive({ to: [INBOX] })
    relay.start()
    await passes(relay, 2)
    expect(relay.ingested).toHaveLength(2)
  })

  it('relay:EML7 one mail that cannot be fetched holds up no other, and is taken when it can be', async () => {
    const relay = await setUp()
    relay.resend.receive({ to: [INBOX], subject: 'broken' })
    await relay.clock.advance(1000)
    relay.resend.receive({ to: [INBOX], subject: 'fine' })
    relay.resend.faults.next('mail', { kind: 'refuse', status: 500, code: 'internal_server_error' })
    relay.start()
    await passes(relay, 1)
    expect(relay.ingested.map(({ message }) => message.metadata.subject)).toEqual(['fine'])
    await relay.clock.advance(20_000)
    await passes(relay, 2)
    expect(relay.ingested.map(({ message }) => message.metadata.subject)).toEqual(['fine', 'broken'])
    await relay.clock.advance(20_000)
    await passes(relay, 3)
    expect(relay.resend.count('mail')).toBe(3)
  })

  it('relay:EML7 a mail that makes the relay stumble holds up no other', async () => {
    const relay = await setUp()
    const ingest = relay.host.ingest
    relay.host.ingest = (channel, message) => {
      if (message.metadata.subject === 'strange') throw new TypeError('stumbled')
      return ingest(channel, message)
    }
    for (const subject of ['strange', 'strange', 'strange', 'strange', 'fine']) relay.resend.receive({ to: [INBOX], subject })
    relay.start()
    await passes(relay, 1)
    await relay.clock.advance(20_000)
    await passes(relay, 2)
    expect(relay.ingested.map(({ message }) => message.metadata.subject)).toEqual(['fine'])
  })

  it('relay:EML7 a mail that cannot be fetched is not forgotten behind much newer ones', async () => {
    const relay = await setUp()
    relay.resend.receive({ to: [INBOX], subject: 'broken' })
    await relay.clock.advance(60 * 60_000)
    relay.resend.receive({ to: [INBOX], subject: 'an hour newer' })
    relay.resend.faults.next('mail', { kind: 'refuse', status: 500, code: 'internal_server_error' })
    const running = relay.start()
    await passes(relay, 1)
    await running.close()
    relay.start()
    await passes(relay, 2)
    expect(relay.ingested.map(({ message }) => message.metadata.subject)).toEqual(['an hour newer', 'broken'])
    expect(relay.resend.count('mail')).toBe(3)
  })

  it('relay:EML7 refused mail is not fetched and counted again after a restart', async () => {
    const relay = await setUp()
    relay.resend.receive({ to: [INBOX], from: 'eve@x.org' })
    const running = relay.start()
    await passes(relay, 1)
    await running.close()
    relay.start()
    await passes(relay, 2)
    expect(relay.rejections).toHaveLength(1)
    expect(relay.resend.count('mail')).toBe(1)
  })

  it('relay:EML7 a mail that cannot be fetched for a day is given up and counted', async () => {
    const relay = await setUp()
    relay.resend.receive({ to: [INBOX] })
    relay.resend.faults.next('mail', { kind: 'garbage', body: '<html>' }, 1000)
    relay.start()
    await passes(relay, 1)
    for (let n = 2; relay.rejections.length === 0 && n < 5000; n++) {
      await relay.clock.advance(20_000)
      await passes(relay, n)
    }
    expect(relay.rejections).toEqual([{ channelId: 'mail1', reason: 'The provider could not hand over a mail.' }])
    const [first] = relay.resend.calls.all
    expect(first?.operation).toBe('list')
    expect(relay.resend.count('mail')).toBeLessThan(80)
    expect(relay.ingested).toEqual([])
  }, 60_000)

  it('relay:DUR1 a failed commit moves no cursor', async () => {
    const relay = await setUp()
    relay.resend.receive({ to: [INBOX] })
    relay.failStorage(1)
    relay.start()
    await passes(relay, 1)
    expect([relay.ingested.length, relay.positions.size]).toEqual([0, 0])
    await relay.clock.advance(20_000)
    await passes(relay, 2)
    expect(relay.ingested).toHaveLength(1)
  })

  it('relay:EML7 mail for nobody here is not even fetched', async () => {
    const relay = await setUp()
    relay.resend.receive({ to: ['other-0000000000@mail.example.org'] })
    relay.resend.receive({ to: [INBOX] })
    relay.start()
    await passes(relay, 1)
    expect(relay.ingested).toHaveLength(1)
    expect(relay.resend.count('mail')).toBe(1)
    expect(relay.rejections).toEqual([])
  })

  it('relay:EML7 strange entries of the list hide no mail', async () => {
    const relay = await setUp()
    const { id } = relay.resend.receive({ to: [INBOX] })
    const data = [null, { id: 7 }, 'x', { id: 'gone', to: [INBOX], created_at: 'yesterday' }, { id, to: INBOX }, []]
    relay.resend.faults.next('list', { kind: 'garbage', body: JSON.stringify({ data }) })
    relay.start()
    await passes(relay, 1)
    expect(relay.ingested.map(({ message }) => message.dedupKey)).toEqual(['<m1@example.com>'])
  })

  it('relay:EML10 a stranger is counted once, not at every look', async () => {
    const relay = await setUp()
    relay.resend.receive({ to: [INBOX], from: 'eve@x.org' })
    relay.start()
    await passes(relay, 1)
    for (const n of [2, 3, 4]) {
      await relay.clock.advance(20_000)
      await passes(relay, n)
    }
    expect(relay.rejections).toEqual([{ channelId: 'mail1', reason: 'eve@x.org is not an allowed sender.' }])
    expect(relay.resend.count('mail')).toBe(1)
  })

  it('relay:CH11 a refused key is told to every owner and not tried again soon; a new start tries it', async () => {
    const relay = await setUp()
    relay.resend.account.access = 'revoked'
    const running = relay.start()
    await passes(relay, 1)
    expect(relay.statuses.at(-1)).toMatchObject({
      channelId: 'mail1',
      state: 'auth_failed',
      detail: expect.stringContaining('RESEND_API_KEY'),
    })
    await relay.clock.advance(30 * 60_000)
    expect(relay.resend.count('list')).toBe(1)
    await running.close()
    relay.resend.account.access = 'full'
    relay.resend.receive({ to: [INBOX] })
    relay.start()
    await passes(relay, 2)
    expect(relay.ingested).toHaveLength(1)
  })

  it('relay:CH11 a key that may only send is named as such', async () => {
    const relay = await setUp()
    relay.resend.account.access = 'sending'
    relay.start()
    await passes(relay, 1)
    expect(relay.statuses.at(-1)).toMatchObject({ state: 'auth_failed', detail: expect.stringContaining('may only send') })
  })

  it('relay:EML7 the provider may ask for a pause, or be away, and nothing is lost', async () => {
    const relay = await setUp()
    relay.resend.receive({ to: [INBOX] })
    relay.resend.faults.next('list', { kind: 'refuse', status: 429, code: 'rate_limit_exceeded', retryAfter: 2 })
    relay.resend.faults.next('list', { kind: 'hangUp' }, 3)
    relay.start()
    await passes(relay, 1)
    await relay.clock.advance(2_000)
    for (const n of [2, 3, 4]) {
      await passes(relay, n)
      await relay.clock.advance(20_000)
    }
    await passes(relay, 5)
    await untilStored(relay, 1)
    expect(relay.statuses.map(({ state }) => state)).toEqual(['degraded', 'ok'])
  })

  it('relay:EML7 with an https address the list is read at the start and then rarely, for what events missed', async () => {
    const relay = await setUp({ publicUrl: 'https://relay.example.org' })
    relay.resend.receive({ to: [INBOX] })
    relay.start()
    await passes(relay, 1)
    expect(relay.ingested).toHaveLength(1)
    await relay.clock.advance(59 * 60_000)
    expect(relay.resend.count('list')).toBe(1)
  })

  it('relay:EML7 with an https address but no secret for events the list is read as often as without one', async () => {
    const relay = await setUp({ publicUrl: 'https://relay.example.org', config: { resendWebhookSecret: undefined } })
    relay.start()
    await passes(relay, 1)
    await relay.clock.advance(20_000)
    await passes(relay, 2)
  })

  it('relay:EML7 one mail to two channels reaches both', async () => {
    const other = { userEmail: 'ada@example.com', inboundAddress: 'second-0123456789@mail.example.org', verified: true }
    const relay = await setUp({ channels: [emailChannel(), emailChannel({ id: 'mail2', platform: other })] })
    relay.resend.receive({ to: [INBOX], cc: [other.inboundAddress] })
    relay.start()
    await passes(relay, 1)
    expect(relay.ingested.map(({ channelId }) => channelId)).toEqual(['mail1', 'mail2'])
  })

  it('relay:GEN8 closing ends a pass that is waiting for the provider', async () => {
    const relay = await setUp()
    relay.resend.faults.next('list', { kind: 'refuse', status: 429, code: 'rate_limit_exceeded', retryAfter: 60 })
    const running = relay.start()
    while (relay.clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
    await running.close()
    expect(relay.clock.waiting()).toBe(0)
  })
})
