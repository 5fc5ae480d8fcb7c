import { existsSync } from 'node:fs'
import { defineCommand } from 'citty'
import { type Config, type ConfigOverrides, readConfig } from '../config.ts'
import { findDaemon } from '../daemon/find.ts'
import { launch } from '../daemon/launch.ts'
import { isPortFree } from '../daemon/port.ts'
import { readState, removeState } from '../daemon/stateFile.ts'
import { stopDaemon } from '../daemon/stop.ts'
import { lockDaemon } from '../store/lock.ts'
import { StoreOpenFailure } from '../store/openFailure.ts'
import { prepareDataDir } from '../store/sqlite/database.ts'
import { exitCodeOf, explain } from './explain.ts'
import { dataDirFlag, overridesOf, serveArgs, serveFlags } from './flags.ts'

const say = (...lines: string[]) => process.stdout.write(lines.map((line) => `[chaos-relay] ${line}\n`).join(''))

/** remote:CLI1-CLI6 */
export const start = defineCommand({
  meta: { name: 'start', description: 'Run the relay in the background' },
  args: { ...serveFlags, attached: { type: 'boolean', description: 'Stay in the foreground, as serve does' } },
  run: ({ args }) =>
    args.attached
      ? withDaemon(args, async (config, overrides) => {
          const found = await findDaemon(config.dataDir)
          if (found.state === 'running')
            throw refused(`relay daemon already running (pid ${found.daemon.pid}). Stop it first with: chaos-relay stop`)
          return async () => (await import('./serve.ts')).runServer(overrides)
        })
      : withDaemon(args, async (config, overrides) => {
          const found = await findDaemon(config.dataDir)
          if (found.state === 'other') throw notOurs(config.dataDir)
          if (found.state === 'running') {
            const { pid, port, logPath } = found.daemon
            say(`relay already running (pid ${pid}, port ${port})`, `logs: ${logPath}`)
          } else await begin(config, overrides, 'started')
        }),
})

/** remote:CLI7 */
export const stop = defineCommand({
  meta: { name: 'stop', description: 'Stop the relay that start began' },
  args: dataDirFlag,
  run: ({ args }) => withDaemon(args, ({ dataDir }) => end(dataDir, true), { ifMissing: () => say('relay already stopped') }),
})

/** remote:CLI8 */
export const restart = defineCommand({
  meta: { name: 'restart', description: 'Stop the relay that start began, and start it again' },
  args: serveFlags,
  run: ({ args }) =>
    withDaemon(args, async (config, overrides) => {
      const found = await findDaemon(config.dataDir)
      const port = found.state === 'running' ? { port: String(found.daemon.port) } : {}
      const wanted = { ...port, ...overrides }
      await end(config.dataDir, false)
      await begin(readConfig(process.env, wanted), wanted, 'restarted')
    }),
})

/** Brings a daemon up, or says what its log says. */
async function begin(config: Config, overrides: ConfigOverrides, done: 'started' | 'restarted'): Promise<void> {
  removeState(config.dataDir)
  if (!(await isPortFree(config))) throw refused(`port ${config.port} is already in use; stop the other program or pass --port`)
  const launched = await launch(config.dataDir, serveArgs(overrides))
  const daemon = launched.started ? readState(config.dataDir) : undefined
  if (!daemon) {
    removeState(config.dataDir)
    throw refused(`the relay did not start. The end of its log:\n${launched.started ? '' : launched.lastLines}`)
  }
  say(`relay ${done} in daemon mode (pid ${daemon.pid})`, `logs: ${daemon.logPath}`, 'stop with: chaos-relay stop')
}

async function end(dataDir: string, tell: boolean): Promise<void> {
  const found = await findDaemon(dataDir)
  if (found.state === 'other') throw notOurs(dataDir)
  if (found.state !== 'running') {
    removeState(dataDir)
    if (tell) say('relay already stopped')
    return
  }
  const { pid } = found.daemon
  const outcome = await stopDaemon(dataDir, found.daemon)
  if (outcome === 'running') throw refused(`the relay does not stop (pid ${pid}). End it by hand.`)
  if (tell) say(outcome === 'stopped' ? `relay stopped (pid ${pid})` : `relay stopped (pid ${pid}); it hung and had to be killed`)
}

/** Something an operator must decide, in one sentence. */
const refused = (sentence: string) => new StoreOpenFailure('in_use', sentence)

const notOurs = (dataDir: string) =>
  refused(`a relay runs on ${dataDir} that was not started with "start", or it does not answer. Stop it where it was started.`)

/** Runs a command that starts or stops, one at a time per data directory. What it gives back runs after the others may go on. */
async function withDaemon(
  args: Parameters<typeof overridesOf>[0],
  command: (config: Config, overrides: ConfigOverrides) => Promise<void | (() => Promise<void>)>,
  { ifMissing }: { ifMissing?: () => void } = {},
): Promise<void> {
  try {
    const overrides = overridesOf(args)
    if (overrides.port !== undefined && !/^[1-9]\d{0,4}$/.test(overrides.port))
      throw refused('--port must be a number from 1 to 65535')
    const config = readConfig(process.env, overrides)
    if (config.dataDir === ':memory:')
      throw refused('a relay that keeps nothing cannot run in the background. Name a directory with --data-dir.')
    if (ifMissing && !existsSync(config.dataDir)) return ifMissing()
    prepareDataDir(config.dataDir)
    const lock = lockDaemon(config.dataDir)
    const rest = await command(config, overrides).finally(lock.close)
    await rest?.()
  } catch (error) {
    process.stderr.write(
      explain(error)
        .map((line) => `[chaos-relay] ${line}\n`)
        .join(''),
    )
    process.exitCode = exitCodeOf(error)
  }
}
