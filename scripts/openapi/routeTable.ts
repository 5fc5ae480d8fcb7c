import { createRelay } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { silentLog } from '../../server/log.ts'

/** `GET /health` and so on: what a relay really serves. The relay keeps nothing and never listens. */
export async function routeTable(): Promise<string[]> {
  const relay = await createRelay({ config: readConfig({}, { dataDir: ':memory:' }), log: silentLog() })
  try {
    return relay.routes.map(({ method, path }) => `${method} ${path}`)
  } finally {
    await relay.close()
  }
}

/** Throws with what to do when a route has no description, or a description no route. relay:API1 */
export function matchTable(table: readonly string[], described: readonly string[]): void {
  const missing = table.filter((route) => !described.includes(route))
  const extra = described.filter((route) => !table.includes(route))
  const problems = [
    ...missing.map(
      (route) => `${route} is not described. Add it to a file in scripts/openapi/operations/, its bodies to lib/protocol.`,
    ),
    ...extra.map(
      (route) => `${route} is described in scripts/openapi/operations/, but the relay has no such route. Remove it there.`,
    ),
  ]
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\nThen run "npm run fix", which writes docs/openapi.yaml anew.`)
}
