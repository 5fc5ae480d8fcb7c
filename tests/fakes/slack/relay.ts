import { type RelayOptions, startRelay } from '../../support/relay.ts'
import { startFakeSlack } from './fake.ts'

export type SlackRelay = Awaited<ReturnType<typeof startSlackRelay>>

/** A real relay whose Slack is the fake, a client, and the way to a registered and paired channel. */
export async function startSlackRelay(options: RelayOptions = {}) {
  const slack = await startFakeSlack()
  const env = { CHAOS_SLACK_API_ROOT: slack.apiRoot, ...options.env }
  const relay = await startRelay({ ...options, env })
  const client = await relay.client()

  async function register(body: Record<string, unknown> = {}, as = client) {
    const { botToken, appToken } = slack.app
    return as.post('/channels/slack/register', { botToken, appToken, ...body })
  }

  return {
    slack,
    relay,
    client,
    register,
    /** A registered channel that `name` is paired with; their confirmation is taken from the app's messages. */
    async paired(name = 'Ada', body: Record<string, unknown> = {}) {
      const { json } = await register(body)
      const user = slack.user(name)
      user.send(json.pairingCode)
      await slack.nextSent()
      return { user, channelId: json.channelId as string, pairingCode: json.pairingCode as string }
    },
    async channel(id: string) {
      const { json } = await client.get('/channels')
      return json.channels.find((channel: { id: string }) => channel.id === id)
    },
    /** The client's inbox from its first message, each as it comes. */
    async inbox(as = client) {
      const socket = await as.openResumed()
      const waiting = socket.replay.filter(({ type }) => type === 'message')
      return { next: async () => (waiting.shift() ?? (await socket.nextOf('message'))).message, socket }
    },
    async messages() {
      return (await client.get('/messages?after=0')).json.messages
    },
    async close(): Promise<void> {
      await relay.close()
      await slack.close()
    },
  }
}
