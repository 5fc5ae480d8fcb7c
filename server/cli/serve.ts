import { type ArgsDef, defineCommand } from 'citty'
import { createRelay } from '../app.ts'
import { ConfigError, readConfig } from '../config.ts'
import { createLog, type Log } from '../log.ts'
import { StoreOpenFailure } from '../store/openFailure.ts'

/** relay:ENV1 */
const EXIT_CONFIG = 2
/** relay:STO1, STO3 */
const EXIT_FAILED = 1

/** Running requests get 10 s (relay:GEN8), replies on their way 5 s; what is not done then never will be. */
const CLOSE_WITHIN_MS = 20_000

const args = {
  host: { type: 'string', description: 'Address to listen on (CHAOS_HOST)', valueHint: 'address' },
  port: { type: 'string', description: 'Port to listen on, 0 for any free one (PORT)', valueHint: 'port' },
  'data-dir': { type: 'string', description: 'Where the relay keeps its data (CHAOS_DATA_DIR)', valueHint: 'directory' },
  'accept-key-loss': { type: 'boolean', description: 'Start although the encryption key is lost: bots must be connected again' },
} satisfies ArgsDef

/** `chaos-relay serve`: runs until SIGTERM or SIGINT. relay:CLI1, GEN8 */
export const serve = defineCommand({
  meta: { name: 'serve', description: 'Run the relay in the foreground' },
  args,
  run: ({ args: given }) =>
    run({
      ...(given.host !== undefined && { host: given.host }),
      ...(given.port !== undefined && { port: given.port }),
      ...(given['data-dir'] !== undefined && { dataDir: given['data-dir'] }),
      acceptKeyLoss: given['accept-key-loss'] === true,
    }),
})

async function run(overrides: Parameters<typeof readConfig>[1]): Promise<void> {
  const stopped = stopSignal()
  try {
    const config = readConfig(process.env, overrides)
    const log = createLog({ level: config.logLevel, format: config.logFormat })
    process.on('uncaughtException', (error) => crash(log, error))
    // A side task nobody waited for, a status that could not be written to a full disk: no reason to drop everybody's connection.
    process.on('unhandledRejection', (error) => log.error({ err: error }, 'a background task failed'))
    const relay = await createRelay({ config, log })
    const { url } = await relay.listen()
    process.stdout.write(`listening on ${url}\n`)
    await stopped
    setTimeout(() => crash(log, new Error('The relay did not stop in time.')), CLOSE_WITHIN_MS)
    await relay.close()
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    process.exit(error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILED)
  }
}

/** Asked for before anything starts, so that no signal is missed; a second one ends the process the hard way. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
}

/** Into the log (which hides secrets) instead of Node's own message. What was answered is committed, so ending here loses nothing. */
function crash(log: Log, error: unknown): never {
  log.fatal({ err: error }, 'the relay cannot go on')
  process.exit(EXIT_FAILED)
}

/** What the operator can act on: expected failures as their sentence, others with their stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.map((problem) => `chaos-relay: ${problem}`).join('\n')
  if (error instanceof StoreOpenFailure) return `chaos-relay: ${error.message}`
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'chaos-relay: the port is in use. Stop the other program or choose another port with --port.'
  if (code === 'EACCES') return 'chaos-relay: this port needs more rights. Choose one above 1023 with --port.'
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'chaos-relay: --host is not an address of this machine.'
  return `chaos-relay: ${error instanceof Error ? error.stack : String(error)}`
}
