import { type RelayOptions, startRelay } from '../../support/relay.ts'
import { startFakeDiscord } from './fake.ts'

export type DiscordRelay = Awaited<ReturnType<typeof startDiscordRelay>>

/** A real relay whose Discord is the fake, a client, and the way to a registered and paired channel. */
export async function startDiscordRelay(options: RelayOptions = {}) {
  const discord = await startFakeDiscord({ now: options.clock?.now ?? Date.now })
  const env = { CHAOS_DISCORD_API_ROOT: discord.apiRoot, ...options.env }
  const relay = await startRelay({ ...options, env })
  const client = await relay.client()

  async function register(body: Record<string, unknown> = {}, as = client) {
    return as.post('/channels/discord/register', { botToken: discord.bot.token, ...body })
  }

  /** A registered channel that `name` is paired with; their confirmation is taken from the bot's messages. */
  async function paired(name = 'ada') {
    const { json } = await register()
    const user = discord.user(name)
    const { sessionId } = await discord.bot.sessionStarts.next(({ kind }) => kind === 'identify')
    user.send(json.pairingCode)
    await discord.nextSent()
    return {
      user,
      sessionId,
      channelId: json.channelId as string,
      pairingCode: json.pairingCode as string,
      inboundUrl: json.inboundUrl as string,
    }
  }

  return {
    discord,
    relay,
    client,
    register,
    paired,
    async channel(id: string) {
      const { json } = await client.get('/channels')
      return json.channels.find((channel: { id: string }) => channel.id === id)
    },
    /** The client's inbox from its first message, each as it comes. */
    async inbox(as = client) {
      const socket = await as.openResumed()
      const waiting = socket.replay.filter(({ type }) => type === 'message')
      return {
        next: async () => (waiting.shift() ?? (await socket.nextOf('message'))).message,
        /** The next status of a reply that is not `queued` any more. */
        async settled() {
          for (;;) {
            const status = await socket.nextOf('reply_status')
            if (status.state !== 'queued') return status
          }
        },
        socket,
      }
    },
    async messages() {
      return (await client.get('/messages?after=0&limit=500')).json.messages
    },
    async close(): Promise<void> {
      await relay.close()
      await discord.close()
    },
  }
}
