import type { Upload } from '../request.ts'
import { channelRoutes } from './channelRoutes.ts'
import { interactionRoutes } from './interactionRoutes.ts'
import { lookupRoutes } from './lookupRoutes.ts'
import type { FakeBot } from './model.ts'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

/** One call, of whoever. */
export type OpenCall = {
  world: World
  params: Record<string, string>
  query: Record<string, string>
  body: Record<string, unknown>
  uploads: Upload[]
}
/** One call of a bot. */
export type Call = OpenCall & { bot: FakeBot }

/** The result is the JSON of a 200; undefined is a 204. */
export type Routes = Record<string, (call: Call) => unknown>
/** Those that need no bot token: the interaction's own is in the path. */
export type OpenRoutes = Record<string, (call: OpenCall) => unknown>

const forBots: Routes = { ...lookupRoutes, ...channelRoutes }
const forAll: OpenRoutes = interactionRoutes

const table = [...Object.keys(forBots), ...Object.keys(forAll)].map((route) => {
  const [method = '', template = ''] = route.split(' ')
  const names = [...template.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')
  return { route, method, names, pattern: new RegExp(`^${template.replace(/:\w+/g, '([^/]+)')}$`) }
})

export type Matched = { route: string; params: Record<string, string> }

export function matchRoute(method: string, path: string): Matched | undefined {
  for (const { route, pattern, names, ...entry } of table) {
    const found = entry.method === method && pattern.exec(path)
    if (!found) continue
    return { route, params: Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')])) }
  }
  return undefined
}

/** Throws a Refusal. */
export function handle(route: string, call: OpenCall, bot: FakeBot | undefined): unknown {
  const open = forAll[route]
  if (open) return open(call)
  if (!bot) throw new Refusal(401, 0, '401: Unauthorized')
  return forBots[route]?.({ ...call, bot })
}
