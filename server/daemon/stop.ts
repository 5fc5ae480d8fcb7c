import { setTimeout as pause } from 'node:timers/promises'
import { isDataDirLocked } from '../store/lock.ts'
import { type DaemonState, removeState } from './stateFile.ts'

/** Running requests get 10 s, replies on their way 5 s, and the relay ends itself after 20 s (relay:GEN8). What is still there then hangs. */
const ENDS_WITHIN_MS = 22_000
const KILLED_WITHIN_MS = 5_000
const LOOK_EVERY_MS = 50

/**
 * Ends a daemon that has just proven who it is, and waits until it has let go of its data. `killed`: it had to be ended the hard way, which loses
 * nothing that was answered. remote:CLI17
 */
export async function stopDaemon(
  dataDir: string,
  { pid }: Pick<DaemonState, 'pid'>,
  endsWithinMs = ENDS_WITHIN_MS,
): Promise<'stopped' | 'killed' | 'running'> {
  signal(pid, 'SIGTERM')
  let outcome: 'stopped' | 'killed' | 'running' = 'stopped'
  if (!(await ended(dataDir, endsWithinMs))) {
    signal(pid, 'SIGKILL')
    outcome = (await ended(dataDir, KILLED_WITHIN_MS)) ? 'killed' : 'running'
  }
  if (outcome !== 'running') removeState(dataDir)
  return outcome
}

/** Its lock tells more than its pid, which lives on as long as nobody has asked how the process ended. */
async function ended(dataDir: string, withinMs: number): Promise<boolean> {
  for (let waited = 0; isDataDirLocked(dataDir); waited += LOOK_EVERY_MS) {
    if (waited >= withinMs) return false
    await pause(LOOK_EVERY_MS)
  }
  return true
}

/** One that has ended in between is what was wanted. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
