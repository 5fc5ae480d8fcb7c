import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnRelay } from './relayProcess.ts'

/** A data directory and the commands that run a relay on it in the background, on any free port. `close` stops what is left. */
export function createDaemonWorld() {
  const parent = mkdtempSync(join(tmpdir(), 'chaos-daemon-'))
  const dataDir = join(parent, 'data')
  const statePath = join(dataDir, 'relay-daemon.json')

  const run = (args: string[], env: Record<string, string> = {}) =>
    spawnRelay([...args, '--data-dir', dataDir], { PORT: '0', ...env }).ended

  return {
    dataDir,
    statePath,
    logPath: join(dataDir, 'relay.log'),
    run,
    state: () =>
      existsSync(statePath) ? (JSON.parse(readFileSync(statePath, 'utf8')) as Record<string, string | number>) : undefined,
    url: () => String(JSON.parse(readFileSync(statePath, 'utf8')).url),
    async close(): Promise<void> {
      await run(['stop'])
      rmSync(parent, { recursive: true, force: true })
    },
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
