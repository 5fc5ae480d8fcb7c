import { isDataDirLocked } from '../store/lock.ts'
import { isInstance } from './instance.ts'
import { type DaemonState, readState } from './stateFile.ts'

/**
 * What runs on a data directory. `stale`: the file speaks of a process that is gone. `other`: a relay runs there, but it is not the one of the file, or it
 * does not answer; nobody may signal it.
 */
export type Found =
  | { state: 'none' }
  | { state: 'stale'; pid: number }
  | { state: 'running'; daemon: DaemonState }
  | { state: 'other'; pid?: number }

/** A pid alone proves nothing, it may be anybody's by now: the data must be locked and the relay must know its instance id. remote:CLI16 */
export async function findDaemon(dataDir: string): Promise<Found> {
  const daemon = readState(dataDir)
  if (!isDataDirLocked(dataDir)) return daemon ? { state: 'stale', pid: daemon.pid } : { state: 'none' }
  if (daemon && isAlive(daemon.pid) && (await isInstance(daemon))) return { state: 'running', daemon }
  return { state: 'other', ...(daemon && { pid: daemon.pid }) }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
