import { createIdentity, type Identity } from '../identity.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the relay answered
type Json = any

/** Handshakes in a row that may be refused before it registers again. */
const REFUSED_HANDSHAKES = 2

export type KeyedClient = Awaited<ReturnType<typeof createKeyedClient>>

/**
 * A client with a key from before signed registration: it shows its public key without a signature, signs its requests v1, opens its socket with
 * the apiKey in the address, and registers again after two handshakes that were refused, because it cannot see why.
 */
export function createKeyedClient(url: string, identity: Identity = createIdentity()) {
  const messages: Json[] = []
  const seen = new Set<string>()
  let userId = ''
  let apiKey = ''
  let registrations = 0
  let socket: WebSocket | undefined

  /** The answer's status; what it holds is taken over when it is a success. */
  async function register(): Promise<number> {
    const answer = await fetch(`${url}/auth/register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ publicKey: identity.publicKey }),
    })
    registrations += 1
    if (answer.ok) {
      const registered = (await answer.json()) as { userId: string; apiKey: string }
      userId = registered.userId
      apiKey = registered.apiKey
    }
    return answer.status
  }

  function request(method: string, path: string, body?: unknown): Promise<Response> {
    const raw = body === undefined ? '' : JSON.stringify(body)
    const signature = identity.headers(method, path, raw, { version: 1 })
    const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json', ...signature }
    return fetch(url + path, { method, headers, ...(raw && { body: raw }) })
  }

  function handshake(): Promise<boolean> {
    const opening = new WebSocket(`${url.replace('http', 'ws')}/ws?token=${apiKey}`)
    opening.onmessage = ({ data }) => {
      const frame = JSON.parse(data)
      if (frame.type !== 'message' || seen.has(frame.message.id)) return
      seen.add(frame.message.id)
      messages.push(frame.message)
    }
    socket = opening
    return new Promise((resolve) => {
      opening.onopen = () => resolve(true)
      opening.onclose = () => resolve(false)
    })
  }

  return {
    identity,
    messages,
    register,
    request,
    userId: () => userId,
    apiKey: () => apiKey,
    registrations: () => registrations,
    /** As if its file of credentials came from elsewhere. */
    use(stored: { apiKey: string }): void {
      apiKey = stored.apiKey
    },
    /** Until a socket is open; how many handshakes were refused on the way. Rejects when registering again does not help either. */
    async connect(): Promise<number> {
      let refused = 0
      while (!(await handshake())) {
        refused += 1
        if (refused % REFUSED_HANDSHAKES > 0) continue
        const status = await register()
        if (status !== 200) throw new Error(`the registration was answered ${status}`)
        if (refused >= 3 * REFUSED_HANDSHAKES) throw new Error('no handshake is accepted')
      }
      return refused
    },
    /** The code with which the relay closes the socket. */
    closed(): Promise<number> {
      return new Promise((resolve) => socket?.addEventListener('close', ({ code }) => resolve(code)))
    },
    close(): Promise<void> {
      const closing = socket
      if (!closing || closing.readyState === WebSocket.CLOSED) return Promise.resolve()
      return new Promise((resolve) => {
        closing.addEventListener('close', () => resolve())
        closing.close()
      })
    },
  }
}
