import { afterEach, describe, expect, it } from 'vitest'
import { ANNOUNCED, type EmailRelay, startEmailRelay } from '../fakes/resend/withRelay.ts'
import { createFakeClock } from '../support/fakeClock.ts'

let email: EmailRelay
const clocks = new WeakMap<EmailRelay, ReturnType<typeof createFakeClock>>()
afterEach(() => email.close())

async function start(env: Record<string, string> = {}) {
  const clock = createFakeClock()
  email = await startEmailRelay({ env, clock })
  clocks.set(email, clock)
  return clock
}

const subjects = async () => (await email.messages()).map((message: { metadata: { subject: string } }) => message.metadata.subject)

/** Moves the clock to the next look at the list. */
async function nextLook(): Promise<void> {
  const looks = email.resend.count('list')
  const clock = clocks.get(email)
  while (email.resend.count('list') === looks) await clock?.advance(20_000)
}

describe('mail without a public address', () => {
  it('relay:EML7 mail is read from the list and reaches the socket, in order', async () => {
    await start()
    const { inboundAddress } = await email.verifiedChannel()
    const socket = await email.client.openResumed()
    email.resend.receive({ to: [inboundAddress], subject: 'One' })
    email.resend.receive({ to: [inboundAddress], subject: 'Two' })
    await nextLook()
    expect((await socket.nextOf('message')).message.metadata.subject).toBe('One')
    expect((await socket.nextOf('message')).message.metadata.subject).toBe('Two')
    await socket.close()
  })

  it('relay:EML7 a restart goes on where it was: nothing twice, nothing lost while it was away', async () => {
    const clock = await start()
    const { inboundAddress } = await email.verifiedChannel()
    const first = email.resend.receive({ to: [inboundAddress], subject: 'before' })
    await nextLook()
    await expect.poll(subjects).toEqual(['before'])
    for (let n = 0; n < 3; n++) {
      email.resend.receive({ to: [inboundAddress], subject: `away ${n}` })
      await email.relay.restart()
      await expect.poll(async () => (await subjects()).length).toBe(n + 2)
      await clock.advance(60 * 60_000)
    }
    expect(await subjects()).toEqual(['before', 'away 0', 'away 1', 'away 2'])
    const path = `/emails/receiving/${first.id}`
    expect(email.resend.calls.all.filter((call) => call.path === path)).toHaveLength(1)
  })

  it('relay:EML7 the same mail by event and by list is one message', async () => {
    const clock = await start(ANNOUNCED)
    const { inboundAddress } = await email.verifiedChannel()
    const mail = email.resend.receive({ to: [inboundAddress], subject: 'announced' })
    expect(await email.announce(mail)).toEqual([200])
    email.resend.receive({ to: [inboundAddress], subject: 'missed event' })
    await email.relay.restart({ ...email.resend.env })
    await expect.poll(subjects).toEqual(['announced', 'missed event'])
    expect(email.resend.calls.all.filter((call) => call.path.endsWith(mail.id))).toHaveLength(1)
    await clock.advance(0)
  })

  it('relay:EML7 what events missed while the relay was away for days is found at the next start', async () => {
    const clock = await start(ANNOUNCED)
    const { inboundAddress } = await email.verifiedChannel()
    expect(await email.announce(email.resend.receive({ to: [inboundAddress], subject: 'one' }))).toEqual([200])
    await clock.advance(60_000)
    email.resend.receive({ to: [inboundAddress], subject: 'lost event' })
    await clock.advance(3 * 24 * 60 * 60_000)
    expect(await email.announce(email.resend.receive({ to: [inboundAddress], subject: 'three' }))).toEqual([200])
    await email.relay.restart()
    await expect.poll(async () => (await subjects()).sort()).toEqual(['lost event', 'one', 'three'])
  })

  it('relay:EML7 mail that came before a channel was verified is refused for good', async () => {
    await start()
    const { json } = await email.register()
    email.resend.receive({ to: [json.inboundAddress], subject: 'too early' })
    await nextLook()
    await expect.poll(async () => (await email.channel(json.channelId)).status.rejected).toBe(1)
    await email.confirm(await email.newestLink())
    email.resend.receive({ to: [json.inboundAddress], subject: 'in time' })
    await nextLook()
    await expect.poll(subjects).toEqual(['in time'])
  })
})
