import { type Server, startServer } from './processes.ts'

export type RelayServer = Awaited<ReturnType<typeof startRelayServer>>

/** The relay as shipped. Limits stay on, raised so high that they count everything and refuse nothing. */
export async function startRelayServer(limited: string[]) {
  const limits = Object.fromEntries(limited.map((name) => [name, { limit: 100_000_000, windowSec: 60 }]))
  const server: Server = await startServer('../../server/main.ts', (folder) => ['serve', '--port', '0', '--data-dir', folder], {
    CHAOS_RATE_LIMITS: JSON.stringify(limits),
  })
  async function post(path: string, token: string | undefined, body: unknown) {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`POST ${path}: HTTP ${answer.status}`)
    return (await answer.json()) as { apiKey: string; webhookUrl: string; channel: { id: string } }
  }
  return {
    server,
    /** A session with one webhook channel: where to post to, and the path of its socket. */
    async session() {
      const { apiKey } = await post('/auth/register', undefined, {})
      const { webhookUrl, channel } = await post('/channels', apiKey, { type: 'webhook', name: 'bench' })
      const { pathname, search } = new URL(webhookUrl)
      return { post: pathname + search, channelId: channel.id, socket: `/ws?token=${encodeURIComponent(apiKey)}` }
    },
  }
}
