import { equalSecret } from '../auth/secrets.ts'
import { bearerToken } from '../http/guards.ts'
import type { RelayRequest, Route } from '../http/route.ts'

/** How long the relay has for saying who it is, ms. A busy one is slow, a strange program may never answer. */
const ANSWER_WITHIN_MS = 5_000
const PATH = '/daemon'

/**
 * GET /daemon: a relay that was started as a daemon says so to whoever knows its instance id, which is kept in the state file. For all others the path
 * does not exist. remote:CLI16
 */
export function instanceRoute({
  instanceId,
  unknown,
}: {
  instanceId: string
  unknown: Required<Pick<Route, 'before' | 'handle'>>
}): Route {
  const knows = ({ headers }: Pick<RelayRequest, 'headers'>) => equalSecret(bearerToken(headers) ?? '', instanceId)
  return {
    method: 'GET',
    path: PATH,
    before: (request) => (knows(request) ? undefined : unknown.before(request)),
    handle: (request) => (knows(request) ? { json: { pid: process.pid, instanceId } } : unknown.handle(request)),
  }
}

/** Whether the relay at `url` is this instance. Never throws. remote:CLI16 */
export async function isInstance({ url, pid, instanceId }: { url: string; pid: number; instanceId: string }): Promise<boolean> {
  try {
    const answer = await fetch(url + PATH, {
      headers: { Authorization: `Bearer ${instanceId}` },
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const said: unknown = await answer.json()
    if (typeof said !== 'object' || said === null || !('pid' in said) || !('instanceId' in said)) return false
    return said.pid === pid && said.instanceId === instanceId
  } catch {
    return false
  }
}
