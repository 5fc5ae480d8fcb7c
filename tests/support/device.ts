import { cookieOf } from './admin.ts'
import type { TestClient } from './client.ts'
import { type HttpAnswer, send } from './http.ts'

/** Changes a link's token for the cookie. */
export const openLink = (url: string, token: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
  send(url, '/app/session', {
    method: 'POST',
    body: JSON.stringify({ token }),
    headers: { 'Content-Type': 'application/json', ...headers },
  })

/** A browser in which a link of this client was opened. */
export async function openDevice(client: TestClient) {
  const { token } = (await client.post('/app/device-link', {})).json
  const opened = await openLink(client.url, token)
  if (opened.status !== 200) throw new Error(`not opened: ${opened.status} ${opened.text}`)
  const cookie = cookieOf(opened)
  const request = (method: string, target: string, body?: unknown, headers: Record<string, string> = {}) => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const length = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) }
    return send(client.url, target, { method, headers: { Cookie: cookie, ...(text && length), ...headers }, body: text })
  }
  return { cookie, request, get: (target: string) => request('GET', target) }
}
