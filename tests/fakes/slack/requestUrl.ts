import { createHmac } from 'node:crypto'
import type { EventCallback } from './events.ts'
import type { FakeApp } from './model.ts'

/** The real Slack waits longer; what matters is that it comes back. */
const RETRY_MS = 50
const MOST_ATTEMPTS = 4

export function signSlackRequest(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
}

export type Posted = { status: number; body: string }

/** The Events API: posts signed JSON to an app's request URL. */
export function createRequestUrl(stopped: AbortSignal) {
  async function post(app: FakeApp, url: string, payload: unknown, more: Record<string, string> = {}): Promise<Posted> {
    const body = JSON.stringify(payload)
    const timestamp = String(Math.floor(Date.now() / 1000))
    const headers = {
      'content-type': 'application/json',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signSlackRequest(app.signingSecret, timestamp, body),
      ...more,
    }
    const response = await fetch(url, { method: 'POST', headers, body, signal: stopped })
    return { status: response.status, body: await response.text() }
  }

  return {
    post,
    /** What Slack does when somebody saves the URL; true when it got its challenge back. */
    async verify(app: FakeApp, url: string): Promise<boolean> {
      const challenge = 'fakeM4zcPqZ9'
      const { status, body } = await post(app, url, { type: 'url_verification', token: 'deprecated', challenge })
      return status === 200 && (body === challenge || JSON.parse(body).challenge === challenge)
    },
    /** Delivers until there is a 2xx, as often as Slack does. */
    async deliver(app: FakeApp, url: string, payload: EventCallback): Promise<Posted | undefined> {
      for (let attempt = 0; attempt < MOST_ATTEMPTS && !stopped.aborted; attempt++) {
        const retry = attempt > 0 ? { 'x-slack-retry-num': String(attempt), 'x-slack-retry-reason': 'http_error' } : {}
        const posted = await post(app, url, payload, retry as Record<string, string>).catch(() => undefined)
        if (posted && posted.status >= 200 && posted.status < 300) return posted
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
      return undefined
    },
  }
}
