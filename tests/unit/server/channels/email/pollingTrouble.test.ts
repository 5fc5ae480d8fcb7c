import { afterEach, describe, expect, it } from 'vitest'
import { RelayError } from '../../../../../lib/protocol/errors.ts'
import { closePolling, passes, setUpPolling, untilStored } from './pollingSetup.ts'
import { INBOX } from './setup.ts'

afterEach(closePolling)

describe('reading the list when something is wrong', () => {
  it('relay:EML7 a relay killed before its next pass takes nothing twice and loses nothing', async () => {
    const relay = await setUpPolling()
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

  it('relay:EML7 one mail that cannot be fetched holds up no other, and is taken when it can be', async () => {
    const relay = await setUpPolling()
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
    const relay = await setUpPolling()
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
    const relay = await setUpPolling()
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
    const relay = await setUpPolling()
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
    const relay = await setUpPolling()
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
    const relay = await setUpPolling()
    relay.resend.receive({ to: [INBOX] })
    relay.failStorage(1)
    relay.start()
    await passes(relay, 1)
    expect([relay.ingested.length, relay.positions.size]).toEqual([0, 0])
    await relay.clock.advance(20_000)
    await passes(relay, 2)
    expect(relay.ingested).toHaveLength(1)
  })

  it('relay:EML10 a stranger is counted once, not at every look', async () => {
    const relay = await setUpPolling()
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
    const relay = await setUpPolling()
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
    const relay = await setUpPolling()
    relay.resend.account.access = 'sending'
    relay.start()
    await passes(relay, 1)
    expect(relay.statuses.at(-1)).toMatchObject({ state: 'auth_failed', detail: expect.stringContaining('may only send') })
  })

  it('relay:EML7 the provider may ask for a pause, or be away, and nothing is lost', async () => {
    const relay = await setUpPolling()
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

  it('relay:GEN8 closing ends a pass that is waiting for the provider', async () => {
    const relay = await setUpPolling()
    relay.resend.faults.next('list', { kind: 'refuse', status: 429, code: 'rate_limit_exceeded', retryAfter: 60 })
    const running = relay.start()
    while (relay.clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
    await running.close()
    expect(relay.clock.waiting()).toBe(0)
  })
})
