import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeSlack, startFakeSlack } from '../fakes/slack/fake.ts'
import { createClient } from '../support/client.ts'
import { type RelayProcess, startRelayProcess } from '../support/relayProcess.ts'

describe('Slack and a relay that is killed', () => {
  let slack: FakeSlack
  let relay: RelayProcess

  beforeEach(async () => {
    slack = await startFakeSlack()
    relay = await startRelayProcess({ env: { CHAOS_SLACK_API_ROOT: slack.apiRoot, LOG_LEVEL: 'trace' } })
  })
  afterEach(async () => {
    await relay.close()
    await slack.close()
  })

  async function paired() {
    const client = await createClient(relay.url)
    const { botToken, appToken } = slack.app
    const { json } = await client.post('/channels/slack/register', { botToken, appToken })
    const ada = slack.user('Ada')
    ada.send(json.pairingCode)
    await slack.nextSent()
    return { client, ada, channelId: json.channelId as string, pairingCode: json.pairingCode as string }
  }

  it('relay:SL2, DUR1, DUR2, DUR4 every message arrives exactly once through ten kills at any moment', async () => {
    const { client, ada } = await paired()
    const total = 200
    let sent = 0
    for (let kill = 0; kill < 10; kill++) {
      for (let round = 0; round < total / 10; round++) ada.send(`message ${sent++}`)
      await slack.sockets.envelopes.next()
      // A different moment each time, without looking where the relay is: during storing, pushing, or confirming.
      await new Promise((resolve) => setTimeout(resolve, kill * 3))
      await relay.restart('SIGKILL')
    }
    const inbox = await client.openResumed()
    const stored = inbox.replay.filter(({ type }) => type === 'message')
    while (stored.length < total) stored.push(await inbox.nextOf('message'))
    // Slack does not promise that what it sends again keeps its place.
    const contents = stored.map(({ message }) => message.content)
    expect(contents.toSorted()).toEqual(Array.from({ length: total }, (_, number) => `message ${number}`).toSorted())
    expect(stored.map(({ message }) => message.seq)).toEqual(Array.from({ length: total }, (_, number) => number + 1))
  }, 120_000)

  it('relay:LOG1 neither a token nor a code nor a text is in the log, however much is logged', async () => {
    const { client, ada, channelId, pairingCode } = await paired()
    const inbox = await client.openResumed()
    ada.send('22222222')
    ada.send('very private words')
    await inbox.nextOf('message')
    slack.faults.next('chat.postMessage', { kind: 'error', error: 'something_new' })
    await client.post('/reply', { channelId, content: 'equally private' })
    await inbox.nextOf('reply_status')
    slack.sockets.sendRaw('{"type":"hello","private":')
    slack.app.appRefused = 'invalid_auth'
    slack.sockets.cut()
    while ((await inbox.nextOf('channel_update')).channel.status.state !== 'auth_failed');
    const { stdout, stderr } = await relay.kill('SIGTERM')
    const log = stdout + stderr
    expect(log).toContain('listening')
    const { botToken, appToken } = slack.app
    for (const secret of [botToken, appToken, pairingCode, 'private', 'xoxb', 'xapp', 'fakeBotToken', 'ticket='])
      expect(log).not.toContain(secret)
  })
})
