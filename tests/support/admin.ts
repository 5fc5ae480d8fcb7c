import { type HttpAnswer, send } from './http.ts'

export const ADMIN_KEY = 'a long password'

/** The cookie of a Set-Cookie header, as a browser would send it back. */
export function cookieOf(answer: HttpAnswer): string {
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}

export const loginForm = (url: string, password: string, headers: Record<string, string> = {}) =>
  send(url, '/admin/login', {
    method: 'POST',
    body: new URLSearchParams({ password }).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
  })

export const loginJson = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  send(url, '/admin/login', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  })

export type TestAdmin = Awaited<ReturnType<typeof signIn>>

/** The operator, signed in. */
export async function signIn(url: string, password = ADMIN_KEY) {
  const answer = await loginJson(url, { password })
  if (answer.status !== 200) throw new Error(`not signed in: ${answer.status} ${answer.text}`)
  const cookie = cookieOf(answer)
  const request = (method: string, target: string, headers: Record<string, string> = {}) =>
    send(url, target, { method, headers: { Cookie: cookie, ...headers } })
  return {
    cookie,
    request,
    get: (target: string, headers?: Record<string, string>) => request('GET', target, headers),
    post: (target: string, headers?: Record<string, string>) => request('POST', target, headers),
    del: (target: string, headers?: Record<string, string>) => request('DELETE', target, headers),
  }
}
