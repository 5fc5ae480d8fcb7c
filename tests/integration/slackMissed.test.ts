import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SlackRelay, startSlackRelay } from '../fakes/slack/relay.ts'
import { createFakeClock } from '../support/fakeClock.ts'

const DAY = 24 * 60 * 60_000

describe('what was written in Slack while there was no relay', () => {
  let at: SlackRelay

  beforeEach(async () => {
    at = await startSlackRelay()
  })
  afterEach(() => at.close())

  const contents = async () => (await at.messages()).map(({ content }: { content: string }) => content)
  /** Runs what happens while the relay is away, for longer than Slack keeps trying. */
  async function meanwhile(happens: () => unknown): Promise<void> {
    await at.relay.restart(undefined, async () => {
      await happens()
      at.slack.sockets.forget()
    })
  }
  const inboxUntil = async (content: string) => {
    const inbox = await at.inbox()
    while ((await inbox.next()).content !== content);
  }

  it('relay:SL6 direct messages, mentions and answers in threads are there, once, in order, before what is new', async () => {
    const { user, channelId } = await at.paired()
    const bob = at.slack.user('Bob')
    await at.client.patch(`/channels/${channelId}`, { allowedUsers: [user.id, bob.id] })
    const room = at.slack.channel()
    const me = `<@${at.slack.app.botUserId}>`
    const inbox = await at.inbox()
    const asked = user.send(`${me} before`, { in: room })
    const message = await inbox.next()
    await at.client.post('/reply', { channelId, content: 'answered', replyTo: message.id })
    await at.slack.nextSent()
    await meanwhile(() => {
      user.send('one')
      user.send('among others', { in: room })
      user.send(`${me} two`, { in: room })
      user.send('three', { in: room, thread: asked.ts })
      user.send('four', { files: [{ bytes: Buffer.from('x'), name: 'x.txt', mimetype: 'text/plain' }] })
    })
    // Of what he never wrote in there is no history to look at: it comes by the new connection.
    bob.send('new')
    await inboxUntil('new')
    const found = await contents()
    expect(found.toSorted()).toEqual(['before', 'four', 'new', 'one', 'three', 'two'])
    expect(found.at(-1)).toBe('new')
    expect(found.indexOf('one')).toBeLessThan(found.indexOf('four'))
    expect(found.indexOf('two')).toBeLessThan(found.indexOf('three'))
    const four = (await at.messages()).find(({ content }: { content: string }) => content === 'four')
    expect(four.attachments).toHaveLength(1)
  })

  it('relay:SL6, DUR2 what Slack sends again all the same is stored once; nothing is read twice', async () => {
    const { user } = await at.paired()
    await at.relay.restart(undefined, () => user.send('kept by Slack'))
    user.send('end')
    await inboxUntil('end')
    await at.relay.restart()
    user.send('really the end')
    await inboxUntil('really the end')
    expect(await contents()).toEqual(['kept by Slack', 'end', 'really the end'])
  })

  it('relay:SL6, PAIR6 only what the paired wrote is read, and nobody is answered or counted for it', async () => {
    const { user, channelId, pairingCode } = await at.paired()
    const room = at.slack.channel()
    const eve = at.slack.user('Eve')
    const inbox = await at.inbox()
    user.send(`<@${at.slack.app.botUserId}> hello`, { in: room })
    await inbox.next()
    const sent = at.slack.sent.length
    await meanwhile(() => {
      eve.send(`<@${at.slack.app.botUserId}> let me in`, { in: room })
      eve.send(pairingCode)
      user.send('mine')
    })
    await inboxUntil('mine')
    expect(await contents()).toEqual(['hello', 'mine'])
    expect((await at.channel(channelId)).status.rejected).toBeUndefined()
    expect(at.slack.sent).toHaveLength(sent)
  })

  it('relay:SL6 a line that broke is caught up too; one that Slack had renewed is not read again', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const { sockets, app } = at.slack
    user.send('before')
    await inbox.next()
    await sockets.connected.next()
    sockets.cut()
    await sockets.closed.next()
    user.send('unheard')
    sockets.forget()
    expect((await inbox.next()).content).toBe('unheard')
    const asked = () => app.calls.all.filter(({ method }) => method === 'conversations.history').length
    const before = asked()
    await sockets.connected.next()
    sockets.askToDisconnect('refresh_requested')
    await sockets.connected.next()
    user.send('after')
    expect((await inbox.next()).content).toBe('after')
    expect(asked()).toBe(before)
  })

  it('relay:SL6 while Slack cannot tell, new messages come all the same, and the missing ones a minute later', async () => {
    await at.close()
    const clock = createFakeClock(Date.now())
    at = await startSlackRelay({ clock })
    const { user } = await at.paired()
    at.slack.faults.next('conversations.history', { kind: 'rateLimit', retryAfter: 30 })
    await meanwhile(() => user.send('missed'))
    const inbox = await at.inbox()
    user.send('new')
    expect((await inbox.next()).content).toBe('new')
    await clock.advance(60_000)
    expect((await inbox.next()).content).toBe('missed')
  })

  it('relay:SL6 what is older than seven days stays there', async () => {
    await at.close()
    const clock = createFakeClock(Date.now())
    at = await startSlackRelay({ clock })
    const { user } = await at.paired()
    await meanwhile(() => {
      user.send('old')
      return clock.advance(8 * DAY)
    })
    user.send('new')
    await inboxUntil('new')
    expect(await contents()).toEqual(['new'])
  })

  it('relay:SL6 many pages are read, in order, the newest thousand of one conversation', async () => {
    const { user } = await at.paired()
    await meanwhile(() => {
      for (let count = 0; count < 1050; count++) user.send(`message ${count}`)
    })
    await inboxUntil('message 1049')
    const found: string[] = []
    for (let after = 0, more = true; more; ) {
      const { json } = await at.client.get(`/messages?after=${after}&limit=500`)
      found.push(...json.messages.map(({ content }: { content: string }) => content))
      after = json.nextAfter
      more = json.hasMore
    }
    expect(found).toEqual(Array.from({ length: 1000 }, (_, number) => `message ${number + 50}`))
  })

  it('relay:SL6 an app whose events are posted catches up at the start as well', async () => {
    await at.close()
    const env = { CHAOS_PUBLIC_URL: 'https://relay.example' }
    at = await startSlackRelay({ env })
    const { signingSecret } = at.slack.app
    const { json } = await at.register({ appToken: undefined, signingSecret })
    at.slack.postEventsTo(String(json.inboundUrl).replace('https://relay.example', at.relay.url))
    const user = at.slack.user('Ada')
    user.send(json.pairingCode)
    await at.slack.nextSent()
    at.slack.postEventsTo('http://127.0.0.1:9/nowhere')
    user.send('unheard')
    await at.relay.restart()
    await inboxUntil('unheard')
    expect(await contents()).toEqual(['unheard'])
  })
})
