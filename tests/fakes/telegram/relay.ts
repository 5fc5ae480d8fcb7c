import { type RelayOptions, startRelay } from '../../support/relay.ts'
import { startFakeTelegram } from './fake.ts'

export type TelegramRelay = Awaited<ReturnType<typeof startTelegramRelay>>

/** A real relay whose Telegram is the fake, a client, and the way to a registered and paired channel. */
export async function startTelegramRelay(options: RelayOptions = {}) {
  const telegram = await startFakeTelegram()
  const env = { CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot, ...options.env }
  const relay = await startRelay({ ...options, env })
  const client = await relay.client()

  async function register(body: Record<string, unknown> = {}, as = client) {
    return as.post('/channels/telegram/register', { botToken: telegram.bot.token, ...body })
  }

  /** A registered channel that `firstName` is paired with; their confirmation is taken from the bot's messages. */
  async function paired(firstName = 'Ada') {
    const { json } = await register()
    const user = telegram.user(firstName, firstName.toLowerCase())
    user.send(json.pairingCode)
    await telegram.nextSent()
    return { user, channelId: json.channelId as string, pairingCode: json.pairingCode as string }
  }

  return {
    telegram,
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
      return { next: async () => (waiting.shift() ?? (await socket.nextOf('message'))).message, socket }
    },
    async messages() {
      return (await client.get('/messages?after=0')).json.messages
    },
    async close(): Promise<void> {
      await relay.close()
      await telegram.close()
    },
  }
}
