import { afterEach, describe, expect, it } from 'vitest'
import { act } from '../fakes/discord/interactions.ts'
import { startDiscordRelay } from '../fakes/discord/relay.ts'
import { startEmailRelay } from '../fakes/resend/withRelay.ts'
import { startSlackRelay } from '../fakes/slack/relay.ts'
import { mailText, startReceivingRelay } from '../fakes/smtp/receiving.ts'
import { startTelegramRelay } from '../fakes/telegram/relay.ts'
import { send } from '../support/http.ts'

/** When a message was written, as its platform tells it, in the message that clients get. */
describe('metadata.sentAt', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })

  const iso = (ms: number) => new Date(ms).toISOString()

  it('relay:CUR12 of Telegram, also of an edit; none where it tells none that is a time', async () => {
    const at = await startTelegramRelay()
    undo.push(() => at.close())
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const sent = user.message({ text: 'an hour late', date: 1_764_597_598 })
    expect((await inbox.next()).metadata.sentAt).toBe('2025-12-01T13:59:58.000Z')
    user.edit(sent, 'two hours late')
    const edited = await inbox.next()
    expect([edited.metadata.edited, Math.abs(Date.parse(edited.metadata.sentAt) - Date.now()) < 60_000]).toEqual([true, true])
    for (const date of [0, -1, 1e15, '1764597598', null]) {
      user.message({ text: `at ${date}`, date: date as number })
      const message = await inbox.next()
      expect([message.content, message.metadata.sentAt]).toEqual([`at ${date}`, undefined])
    }
  })

  it('relay:CUR12 of Discord: of a message, an edit, and a command', async () => {
    const at = await startDiscordRelay()
    undo.push(() => at.close())
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    const written = Date.now() - 60_000
    const sent = user.send('a minute late', { at: written })
    expect((await inbox.next()).metadata.sentAt).toBe(iso(written))
    user.edit(sent, 'mended')
    const edited = await inbox.next()
    expect([edited.metadata.sentAt, edited.metadata.edited]).toEqual([sent.edited_timestamp, true])
    user.send('whenever', { more: { timestamp: 'tomorrow' } })
    expect((await inbox.next()).metadata).not.toHaveProperty('sentAt')
    const { headers, raw } = at.discord.signed(at.discord.interaction(user, user.direct(), act.command('now')))
    expect((await send(at.relay.url, `/discord/${channelId}`, { method: 'POST', headers, body: raw })).status).toBe(200)
    const command = await inbox.next()
    const madeAt = Number(BigInt(command.metadata.interactionId) >> 22n) + 1_420_070_400_000
    expect(command.metadata.sentAt).toBe(iso(madeAt))
    expect(Math.abs(madeAt - Date.now())).toBeLessThan(60_000)
  })

  it('relay:CUR12 of Slack, also of an edit', async () => {
    const at = await startSlackRelay()
    undo.push(() => at.close())
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const sent = user.send('hello')
    const first = Number(sent.ts) * 1000
    expect((await inbox.next()).metadata.sentAt).toBe(iso(first))
    const old: typeof sent = { ...sent, ts: `${Math.floor(Number(sent.ts)) - 60}.000100` }
    user.edit(old, 'mended')
    const edited = await inbox.next()
    expect([edited.metadata.messageTs, edited.metadata.sentAt]).toEqual([old.ts, iso(Number(old.edited?.ts) * 1000)])
  })

  it('relay:CUR12 of a mail by the provider: its Date, if it has one that is one', async () => {
    const at = await startEmailRelay()
    undo.push(() => at.close())
    const { inboundAddress } = await at.verifiedChannel()
    for (const [index, date] of ['Fri, 21 Nov 1997 09:55:06 -0600', 'soon'].entries()) {
      const mail = at.resend.receive({ to: [inboundAddress], message_id: `<${index}@x>`, headers: { Date: date } })
      expect(await at.announce(mail)).toEqual([200])
    }
    const told = (await at.messages()).map(({ metadata }: { metadata: Record<string, unknown> }) => metadata.sentAt)
    expect(told).toEqual(['1997-11-21T15:55:06.000Z', undefined])
  })

  it('relay:CUR12 of a mail by SMTP', async () => {
    const at = await startReceivingRelay()
    undo.push(() => at.close())
    const { inboundAddress } = await at.verifiedChannel()
    const mail = mailText({ Date: 'Thu, 13 Feb 2025 23:32:00 +0100 (CET)' }, 'Hello')
    expect(await at.deliver(mail, inboundAddress)).toBe('250 2.0.0 Stored')
    expect((await at.messages())[0].metadata.sentAt).toBe('2025-02-13T22:32:00.000Z')
  })
})
