import { defineCommand } from 'citty'
import { createRelay } from '../app.ts'
import { type Config, type ConfigOverrides, readConfig } from '../config.ts'
import { READY } from '../daemon/launch.ts'
import { reachableUrl } from '../daemon/reachable.ts'
import { logPathOf, writeState } from '../daemon/stateFile.ts'
import { createLog, type Log } from '../log.ts'
import { exitCodeOf, explain } from './explain.ts'
import { overridesOf, serveFlags } from './flags.ts'

/** Running requests get 10 s (relay:GEN8), replies on their way 5 s; what is not done then never will be. */
const CLOSE_WITHIN_MS = 20_000

/** `chaos-relay serve`: runs until SIGTERM or SIGINT. relay:CLI1, GEN8 */
export const serve = defineCommand({
  meta: { name: 'serve', description: 'Run the relay in the foreground' },
  args: serveFlags,
  run: ({ args }) => runServer(overridesOf(args)),
})

export async function runServer(overrides: ConfigOverrides): Promise<void> {
  const stopped = stopSignal()
  try {
    const config = readConfig(process.env, overrides)
    const log = createLog({ level: config.logLevel, format: config.logFormat })
    process.on('uncaughtException', (error) => crash(log, error))
    // A side task nobody waited for, a status that could not be written to a full disk: no reason to drop everybody's connection.
    process.on('unhandledRejection', (error) => log.error({ err: error }, 'a background task failed'))
    const relay = await createRelay({ config, log })
    const { url, port } = await relay.listen()
    if (config.instanceId !== undefined) reportDaemon(config, config.instanceId, port)
    process.stdout.write(`listening on ${url}\n`)
    await stopped
    setTimeout(() => crash(log, new Error('The relay did not stop in time.')), CLOSE_WITHIN_MS)
    await relay.close()
    process.exit(0)
  } catch (error) {
    process.stderr.write(
      explain(error)
        .map((line) => `chaos-relay: ${line}\n`)
        .join(''),
    )
    process.exit(exitCodeOf(error))
  }
}

/** For `start`, which waits for it, and for all that look for the daemon later. The file outlives the process: that it is gone shows by its lock. remote:CLI16 */
function reportDaemon({ dataDir, host }: Config, instanceId: string, port: number): void {
  const startedAt = new Date().toISOString()
  const url = reachableUrl(host, port)
  writeState(dataDir, { pid: process.pid, port, url, logPath: logPathOf(dataDir), startedAt, instanceId })
  process.send?.(READY, () => process.disconnect?.())
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
  process.exit(1)
}
