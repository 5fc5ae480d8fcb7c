import { hashToken, randomSecret } from '../auth/secrets.ts'
import type { Clock } from '../clock.ts'
import type { RelayRequest } from '../http/route.ts'
import type { PassKind, PassRecord, PassStore } from '../store/port.ts'

/** More cookies of one name than an honest browser sends are not looked at. */
const MAX_TRIED = 4

export type CookieSessions = ReturnType<typeof createCookieSessions>
type Asked = Pick<RelayRequest, 'headers' | 'baseUrl'>

/**
 * People who signed in to a page, known by a cookie that only the browser has: the store keeps a hash of it, mixed with `pepper` so that changing
 * that ends them all. relay:ADM3, DEV1
 */
export function createCookieSessions({
  passes,
  clock,
  kind,
  name,
  path,
  lifeMs,
  keep,
  pepper = '',
}: {
  passes: PassStore
  clock: Pick<Clock, 'now'>
  kind: PassKind
  name: string
  path: string
  lifeMs: number
  /** So many of one owner at once; a further one ends the oldest. */
  keep: number
  pepper?: string
}) {
  const hash = (value: string) => hashToken(`${kind}|${pepper}|${value}`)

  function header({ baseUrl }: Asked, value: string, maxAge: number): Record<string, string> {
    const secure = baseUrl.startsWith('https:') ? '; Secure' : ''
    return { 'Set-Cookie': `${name}=${value}; Path=${path}; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure}` }
  }

  return {
    /** Always a fresh value: what the browser came with is ended, never taken over. */
    async begin(request: Asked, owner: string): Promise<Record<string, string>> {
      for (const value of valuesOf(request, name)) await passes.end(kind, hash(value))
      const value = randomSecret()
      const issuedAt = clock.now()
      await passes.add({ hash: hash(value), kind, owner, issuedAt, expiresAt: issuedAt + lifeMs }, keep)
      return header(request, value, lifeMs / 1000)
    },
    /** Who signed in, if the cookie still holds. */
    async current(request: Asked): Promise<PassRecord | undefined> {
      for (const value of valuesOf(request, name)) {
        const pass = await passes.find(kind, hash(value), clock.now())
        if (pass) return pass
      }
      return undefined
    },
    async end(request: Asked): Promise<Record<string, string>> {
      for (const value of valuesOf(request, name)) await passes.end(kind, hash(value))
      return header(request, '', 0)
    },
    /** Whether the browser shows a cookie at all. */
    isShown: (request: Asked): boolean => valuesOf(request, name).length > 0,
  }
}

function valuesOf({ headers }: Asked, name: string): string[] {
  return (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
    .filter((value) => value !== '')
    .slice(0, MAX_TRIED)
}
