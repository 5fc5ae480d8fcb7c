import { afterEach, describe, expect, it } from 'vitest'
import { closePolling, passes, setUpPolling, untilStored } from './pollingSetup.ts'
import { emailChannel, INBOX } from './setup.ts'

afterEach(closePolling)

describe('reading the list of received mail', () => {
  it('relay:EML7 without an https address mail is read from the list, every 20 s', async () => {
    const relay = await setUpPolling()
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
    const relay = await setUpPolling()
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

  it('relay:EML7 relay:DUR1 a mail for two channels is not done before both have it, even if the relay ends in between', async () => {
    const second = 'bob-0123456789@mail.example.org'
    const platform = { userEmail: 'ada@example.com', inboundAddress: second, verified: true }
    const relay = await setUpPolling({ channels: [emailChannel(), emailChannel({ id: 'mail2', platform })] })
    const { ingest, setPosition } = relay.host
    const killed = () => Promise.reject(new Error('the relay is killed here'))
    relay.host.ingest = (channel, message) => (channel.id === 'mail2' ? killed() : ingest(channel, message))
    relay.host.setPosition = killed
    relay.resend.receive({ to: [INBOX, second] })
    const running = relay.start()
    await untilStored(relay, 1)
    await running.close()
    expect([...relay.positions.values()].join()).not.toContain('mail-1')
    Object.assign(relay.host, { ingest, setPosition })
    relay.start()
    await untilStored(relay, 2)
    expect(relay.ingested.map(({ channelId }) => channelId)).toEqual(['mail1', 'mail2'])
  })

  it('relay:EML7 250 mails over several pages come in order, each once', async () => {
    const relay = await setUpPolling()
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
    const relay = await setUpPolling()
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
    const relay = await setUpPolling()
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

  it('relay:EML7 mail for nobody here is not even fetched', async () => {
    const relay = await setUpPolling()
    relay.resend.receive({ to: ['other-0000000000@mail.example.org'] })
    relay.resend.receive({ to: [INBOX] })
    relay.start()
    await passes(relay, 1)
    expect(relay.ingested).toHaveLength(1)
    expect(relay.resend.count('mail')).toBe(1)
    expect(relay.rejections).toEqual([])
  })

  it('relay:EML7 strange entries of the list hide no mail', async () => {
    const relay = await setUpPolling()
    const { id } = relay.resend.receive({ to: [INBOX] })
    const data = [null, { id: 7 }, 'x', { id: 'gone', to: [INBOX], created_at: 'yesterday' }, { id, to: INBOX }, []]
    relay.resend.faults.next('list', { kind: 'garbage', body: JSON.stringify({ data }) })
    relay.start()
    await passes(relay, 1)
    expect(relay.ingested.map(({ message }) => message.dedupKey)).toEqual(['<m1@example.com>'])
  })

  it('relay:EML7 looking without finding anything writes nothing', async () => {
    const relay = await setUpPolling()
    relay.resend.receive({ to: [INBOX] })
    const { setPosition } = relay.host
    let writes = 0
    relay.host.setPosition = (...given) => {
      writes += 1
      return setPosition(...given)
    }
    relay.start()
    for (const n of [1, 2, 3, 4]) {
      await passes(relay, n)
      await relay.clock.advance(20_000)
    }
    expect(writes).toBe(1)
  })

  it('relay:EML7 with an https address the list is read at the start and then rarely, for what events missed', async () => {
    const relay = await setUpPolling({ publicUrl: 'https://relay.example.org' })
    relay.resend.receive({ to: [INBOX] })
    relay.start()
    await passes(relay, 1)
    expect(relay.ingested).toHaveLength(1)
    await relay.clock.advance(59 * 60_000)
    expect(relay.resend.count('list')).toBe(1)
  })

  it('relay:EML7 with an https address but no secret for events the list is read as often as without one', async () => {
    const relay = await setUpPolling({ publicUrl: 'https://relay.example.org', config: { resendWebhookSecret: undefined } })
    relay.start()
    await passes(relay, 1)
    await relay.clock.advance(20_000)
    await passes(relay, 2)
  })

  it('relay:EML7 one mail to two channels reaches both', async () => {
    const other = { userEmail: 'ada@example.com', inboundAddress: 'second-0123456789@mail.example.org', verified: true }
    const relay = await setUpPolling({ channels: [emailChannel(), emailChannel({ id: 'mail2', platform: other })] })
    relay.resend.receive({ to: [INBOX], cc: [other.inboundAddress] })
    relay.start()
    await passes(relay, 1)
    expect(relay.ingested.map(({ channelId }) => channelId)).toEqual(['mail1', 'mail2'])
  })
})
