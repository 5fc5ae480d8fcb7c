import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRelay } from '../../server/app.ts'
import type { Clock } from '../../server/clock.ts'
import { systemClock } from '../../server/clock.ts'
import { readConfig } from '../../server/config.ts'
import type { Lookup } from '../../server/http/publicFetch.ts'
import { createLog, type Log } from '../../server/log.ts'
import { createClient } from './client.ts'
import { watchSecrets } from './secretWatch.ts'

export type TestRelay = Awaited<ReturnType<typeof startRelay>>

export type RelayOptions = {
  /** CHAOS_… variables; nothing is inherited from the environment of the test run. */
  env?: Record<string, string>
  /** A fake clock for time rules. */
  clock?: Clock
  /** Default: a fresh folder, removed on close. Given: kept. */
  dataDir?: string
  /** Instead of the network, for everything the relay fetches. */
  fetch?: typeof fetch
  /** Instead of the system's names, for addresses that platforms give. */
  lookup?: Lookup
  log?: Log
  /** 0 to 1, in place of chance. */
  chance?: () => number
  acceptKeyLoss?: boolean
  /** Whom to ask for names, as `address:port`. */
  nameServers?: readonly string[]
}

/** The real relay in this process, on a free port with a real SQLite file. Close it in `afterEach`. */
export async function startRelay(options: RelayOptions = {}) {
  let written = ''
  const memory = {
    write: (line: string) => {
      written += line
    },
  }
  const { clock = systemClock(), log = createLog({ level: 'info', format: 'json', to: memory }) } = options
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'chaos-relay-'))

  async function start(port: number, env: Record<string, string> | undefined) {
    const config = readConfig({ ...env }, { port: String(port), dataDir, acceptKeyLoss: options.acceptKeyLoss ?? false })
    const { fetch, lookup, chance, nameServers } = options
    const relay = await createRelay({
      config,
      clock,
      log,
      ...(fetch && { fetch }),
      ...(lookup && { lookup }),
      ...(chance && { chance }),
      ...(nameServers && { nameServers }),
    })
    try {
      return { relay, config, ...(await relay.listen()) }
    } catch (error) {
      await relay.close()
      throw error
    }
  }

  let running = await start(0, options.env)
  let closed = false
  const { url, port } = running
  const secrets = watchSecrets(url, options.env)

  return {
    url,
    port,
    dataDir,
    clock,
    /** The running relay; another one after a restart. */
    get relay() {
      return running.relay
    },
    /** Where it takes mail, with CHAOS_SMTP_LISTEN; another port after a restart. */
    get smtpPort() {
      return running.smtpPort ?? 0
    },
    /** A registered client whose clock is the relay's. */
    client: (given: Omit<NonNullable<Parameters<typeof createClient>[1]>, 'now'> = {}) =>
      createClient(url, { ...given, now: () => clock.now() }),
    /** Stops and starts on the same port and data; `meanwhile` happens while there is no relay. */
    async restart(env = options.env, meanwhile: () => unknown = () => {}): Promise<void> {
      await running.relay.close()
      await meanwhile()
      running = await start(port, env)
    },
    /** May be called twice. */
    async close(): Promise<void> {
      if (closed) return
      closed = true
      await running.relay.close()
      try {
        secrets.ended(written, dataDir)
      } finally {
        if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
      }
    },
  }
}
