// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the relay answered
type Json = any

/** How a reply ended for this client: it knows of no clientId, so the oldest waiting reply takes the next answer. */
export type Settled = { ok: true; responseId: string } | { ok: false; error: string }

export type BearerClient = Awaited<ReturnType<typeof createBearerClient>>

/**
 * A client from before signatures, tickets and cursors, on what the platform brings: it registers without a body, opens its socket with the
 * apiKey in the address, knows messages by their id, takes `reply_ack` and `error` as the answer to its oldest reply, and catches up by `since`.
 */
export async function createBearerClient(url: string) {
  const { userId, apiKey } = await json(await fetch(`${url}/auth/register`, { method: 'POST' }))
  const messages: Json[] = []
  const seen = new Set<string>()
  const waiting: ((answer: Settled) => void)[] = []
  const changed = new EventTarget()
  let socket: WebSocket | undefined
  let since = new Date(0).toISOString()
  let pongs = 0

  function request(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = { Authorization: `Bearer ${apiKey}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) }
    return fetch(url + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
  }

  function take(message: Json): void {
    if (seen.has(message.id)) return
    seen.add(message.id)
    messages.push(message)
  }

  function receive(frame: Json): void {
    if (frame.type === 'message') take(frame.message)
    else if (frame.type === 'pong') pongs += 1
    else if (frame.type === 'reply_ack') waiting.shift()?.({ ok: true, responseId: frame.responseId })
    else if (frame.type === 'error') waiting.shift()?.({ ok: false, error: frame.error })
    changed.dispatchEvent(new Event('changed'))
  }

  return {
    userId: userId as string,
    apiKey: apiKey as string,
    messages,
    pongs: () => pongs,
    request,
    get socket(): WebSocket | undefined {
      return socket
    },
    /** Resolves once the socket is open; rejects when it failed before. */
    connect(): Promise<void> {
      const opening = new WebSocket(`${url.replace('http', 'ws')}/ws?token=${apiKey}`)
      socket = opening
      opening.onmessage = ({ data }) => receive(JSON.parse(data))
      return new Promise((resolve, reject) => {
        opening.onopen = () => resolve()
        opening.onclose = ({ code }) => reject(new Error(`closed with ${code}`))
      })
    },
    close(): Promise<void> {
      const closing = socket
      if (!closing || closing.readyState === WebSocket.CLOSED) return Promise.resolve()
      return new Promise((resolve) => {
        closing.onclose = () => resolve()
        closing.close()
      })
    },
    /** Resolves once it is true; looked at with every frame. */
    until(wanted: () => boolean): Promise<void> {
      return new Promise((resolve) => {
        const look = () => {
          if (!wanted()) return
          changed.removeEventListener('changed', look)
          resolve()
        }
        changed.addEventListener('changed', look)
        look()
      })
    },
    ping: () => socket?.send('{"type":"ping"}'),
    /** By the socket; the answers come in the order of the replies or they come to the wrong one. */
    reply(channelId: unknown, content: unknown): Promise<Settled> {
      socket?.send(JSON.stringify({ type: 'reply', channelId, content, channelType: 'webhook' }))
      return new Promise((resolve) => waiting.push(resolve))
    },
    /** What it may have missed, from where the last poll ended. */
    async poll(): Promise<void> {
      let more = true
      while (more) {
        const page = await json(await request('GET', `/messages?since=${encodeURIComponent(since)}`))
        for (const message of page.messages) take(message)
        since = page.since
        more = page.hasMore
      }
    },
  }
}

async function json(answer: Response): Promise<Json> {
  if (!answer.ok) throw new Error(`HTTP ${answer.status}: ${await answer.text()}`)
  return answer.json()
}
