import findMyWay from 'find-my-way'
import type { Route } from './route.ts'

/** A route and the parameters its path matched. */
export type Match = { route: Route; params: Record<string, string | undefined> }

/** Finds the route of a method and path, exactly: no trailing slash, HEAD is not GET. relay:GEN1 */
export function createRouter(routes: readonly Route[]): (method: string, pathname: string) => Match | undefined {
  const router = findMyWay({ maxParamLength: 512 })
  for (const route of routes) router.on(route.method, route.path, unused, route)
  return (method, pathname) => {
    if (pathname.charCodeAt(0) !== SLASH) return undefined
    const found = router.find(method as findMyWay.HTTPMethod, pathname)
    return found ? { route: found.store as Route, params: found.params } : undefined
  }
}

const SLASH = 47

/** The router wants a function per route; ours is called by server.ts, with the request it built. */
function unused(): void {}
