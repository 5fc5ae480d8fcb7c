import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'

const STATE_FILE = 'relay-daemon.json'
const LOG_FILE = 'relay.log'

const stateSchema = z.object({
  pid: z.int().check(z.gte(1)),
  port: z.number(),
  /** Where it can be reached from this machine. */
  url: z.string(),
  logPath: z.string(),
  startedAt: z.string(),
  /** Known to this file and to that process alone: the proof that a pid is still the relay it was. */
  instanceId: z.string(),
})
export type DaemonState = z.infer<typeof stateSchema>

/** What is written about the daemon of a data directory; `undefined` when there is nothing readable. remote:CLI16 */
export function readState(dataDir: string): DaemonState | undefined {
  try {
    return z.safeParse(stateSchema, JSON.parse(readFileSync(join(dataDir, STATE_FILE), 'utf8'))).data
  } catch {
    return undefined
  }
}

/** For its owner alone, and never half. */
export function writeState(dataDir: string, state: DaemonState): void {
  const path = join(dataDir, STATE_FILE)
  writeFileSync(`${path}.new`, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

export function removeState(dataDir: string): void {
  rmSync(join(dataDir, STATE_FILE), { force: true })
}

export const logPathOf = (dataDir: string): string => join(dataDir, LOG_FILE)
