import findMyWay from 'find-my-way'
import type { Route } from './route.ts'

/** A route and the parameters its path matched. */
export type Match = { route: Route; params: Record<string, string | undefined> }

/** Finds the route of a method and path, exactly: no trailing slash, HEAD is not GET. relay:GEN1 */
export function createRouter(routes: readonly Route[]): (method: string, pathname: string) => Match | undefined {
  const router = findMyWay({ maxParamLength: 512 })
  for (const route of routes) router.on(route.method, route.path, unused, route)
  return (method, pathname) => {
    // The router would take "#" for the end of the path.
    if (pathname.charCodeAt(0) !== SLASH || pathname.includes('#')) return undefined
    const found = router.find(method as findMyWay.HTTPMethod, pathname)
    if (!found) return undefined
    const route = found.store as Route
    return pathname.includes('%') && !isSpelled(pathname, route.path) ? undefined : { route, params: found.params }
  }
}

const SLASH = 47

/** Only parameters may be percent-encoded: the router decodes everything. */
function isSpelled(pathname: string, pattern: string): boolean {
  const sent = pathname.split('/')
  return pattern.split('/').every((segment, index) => segment.startsWith(':') || segment === sent[index])
}

/** The router wants a function per route; ours is called by server.ts, with the request it built. */
function unused(): void {}
