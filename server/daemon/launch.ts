import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { logPathOf } from './stateFile.ts'

/** The variable by which a daemon learns its instance id. */
const INSTANCE_VARIABLE = 'CHAOS_DAEMON_INSTANCE'
/** What a daemon says to the command that started it, once its state file is written. */
export const READY = 'ready'

/** A large store is checked at the start, so this is long; a relay that cannot start ends by itself. ms. remote:CLI1 */
const READY_WITHIN_MS = 60_000
/** A log larger than this is set aside at the next start. */
const MAX_LOG_BYTES = 10 * 1024 * 1024
/** remote:CLI6 */
const LAST_LINES = 20

export type Launched = { started: true } | { started: false; lastLines: string }

/** Starts `serve` with these arguments in a process group of its own, with its output in the log file, and waits until it listens. remote:CLI1, CLI17 */
export async function launch(dataDir: string, serveArgs: readonly string[]): Promise<Launched> {
  const logPath = logPathOf(dataDir)
  if (existsSync(logPath) && statSync(logPath).size > MAX_LOG_BYTES) renameSync(logPath, `${logPath}.1`)
  const from = existsSync(logPath) ? statSync(logPath).size : 0
  const log = openSync(logPath, 'a', 0o600)
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', 'serve', ...serveArgs], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, [INSTANCE_VARIABLE]: randomBytes(24).toString('base64url') },
  })
  closeSync(log)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const late = setTimeout(resolve, READY_WITHIN_MS, false)
  child.once('message', (message) => resolve(message === READY))
  child.once('error', () => resolve(false))
  child.once('exit', () => resolve(false))
  const started = await promise
  clearTimeout(late)
  if (child.connected) child.disconnect()
  child.unref()
  if (started) return { started }
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  return { started, lastLines: readFileSync(logPath, 'utf8').slice(from).trimEnd().split('\n').slice(-LAST_LINES).join('\n') }
}
