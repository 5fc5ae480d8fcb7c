import { createHmac } from 'node:crypto'

/** The headers Svix puts on an event: HMAC-SHA256 over `id.timestamp.body`. `at` in epoch milliseconds. */
export function signEvent(event: { id: string; body: string; secret: string; at: number }): Record<string, string> {
  const timestamp = String(Math.floor(event.at / 1000))
  const key = Buffer.from(event.secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${event.id}.${timestamp}.${event.body}`).digest('base64')
  return { 'svix-id': event.id, 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` }
}

/** Posts an event until it is taken, signing each attempt anew under the same id. The statuses it got, in order. */
export async function deliverEvent(event: {
  url: string
  id: string
  body: string
  secret: string
  now: () => number
  attempts: number
}): Promise<number[]> {
  const { url, id, body, secret, now, attempts } = event
  const statuses: number[] = []
  while (statuses.length < attempts) {
    const headers = { 'content-type': 'application/json', ...signEvent({ id, body, secret, at: now() }) }
    const { status } = await fetch(url, { method: 'POST', headers, body })
    statuses.push(status)
    if (status >= 200 && status < 300) break
  }
  return statuses
}
