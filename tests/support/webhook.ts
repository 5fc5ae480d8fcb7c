import type { TestClient } from './client.ts'
import { type HttpAnswer, send } from './http.ts'

export type TestWebhook = Awaited<ReturnType<typeof createWebhook>>

/** Limits out of the way, for tests that are not about them. */
export const NO_LIMITS = {
  CHAOS_RATE_LIMITS: JSON.stringify(
    Object.fromEntries(
      ['inbound', 'inboundAuthFail', 'channelRegister', 'poll', 'wsTicket', 'wsReply', 'reply', 'register'].map((key) => [
        key,
        { limit: 0, windowSec: 60 },
      ]),
    ),
  ),
}

/** A webhook channel of a client, and posts to it as a stranger makes them. */
export async function createWebhook(client: TestClient, wanted: Record<string, unknown> = {}) {
  const answer = await client.post('/channels', wanted)
  if (answer.status !== 201) throw new Error(`no webhook: ${answer.status} ${answer.text}`)
  const { pathname, search } = new URL(answer.json.webhookUrl)
  const path = pathname + search

  function post(body: string | Uint8Array, headers: Record<string, string> = {}, target = path): Promise<HttpAnswer> {
    return send(client.url, target, {
      method: 'POST',
      body,
      headers: { 'Content-Length': String(Buffer.byteLength(body)), ...headers },
    })
  }

  return {
    id: answer.json.channel.id as string,
    secret: answer.json.channel.metadata.webhookSecret as string,
    path,
    post,
    json: (body: unknown, headers: Record<string, string> = {}) =>
      post(JSON.stringify(body), { 'Content-Type': 'application/json', ...headers }),
    /** A message with this content, posted and stored. */
    async say(content: string): Promise<string> {
      const stored = await post(JSON.stringify({ content }), { 'Content-Type': 'application/json' })
      if (stored.status !== 200) throw new Error(`not stored: ${stored.status} ${stored.text}`)
      return stored.json.messageId as string
    },
  }
}

/** Everything in a client's inbox. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the relay answered
export async function allMessages(client: TestClient): Promise<any[]> {
  const answer = await client.get('/messages?limit=500')
  if (answer.status !== 200) throw new Error(`no messages: ${answer.status} ${answer.text}`)
  return answer.json.messages
}
