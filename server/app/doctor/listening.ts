import type { Config } from '../../config.ts'
import { isPortFree } from '../../daemon/port.ts'
import { reachableUrl } from '../../daemon/reachable.ts'
import { readState } from '../../daemon/stateFile.ts'
import { type Finding, fail, ok, skip } from './finding.ts'
import { type Answered, knock } from './knock.ts'
import type { Opened } from './store.ts'

const CHECK = 'port'

/** Whether the relay can listen, or, while it runs, answers where it should. relay:CLI3 */
export async function checkListening(
  config: Config,
  running: boolean,
  { opened, fetch }: { opened: Opened | undefined; fetch: typeof globalThis.fetch },
): Promise<Finding> {
  if (!running) {
    const where = config.port === 0 ? `any port of ${config.host}` : `${config.host}:${config.port}`
    if (await isPortFree(config)) return ok(CHECK, `${where} is free; the relay is not running`)
    return fail(CHECK, `${where} is used by another program`, 'Stop it, or choose another port with PORT or --port.')
  }
  const daemon = readState(config.dataDir)
  const url = daemon?.url ?? reachableUrl(config.host, config.port)
  if (!opened) return skip(CHECK, 'a relay runs on this data, but its key cannot be read to recognise it')
  return finding(url, await knock(url, { key: opened.serverKey.publicKey, fetch }))
}

function finding(url: string, answered: Answered): Finding {
  if (answered.who === 'ours') return ok(CHECK, `the relay answers at ${url} (version ${answered.version})`)
  const what = answered.who === 'nobody' ? `nobody answers (${answered.trouble})` : `${answered.who} answers`
  return fail(
    CHECK,
    `a relay runs on this data, but at ${url} ${what}`,
    'Give this command the PORT and CHAOS_HOST the relay was started with; if they are the same, restart the relay.',
  )
}
