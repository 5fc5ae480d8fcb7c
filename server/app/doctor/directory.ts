import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { diskFreeOf } from '../diskFree.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const CHECK = 'data directory'
const MIB = 1024 * 1024
/** With less than this the relay soon refuses everything (relay:ERR2); with less than the other it is time to look. */
const NO_SPACE_BYTES = 16 * MIB
const LITTLE_SPACE_BYTES = 512 * MIB

/** Whether the data can be written, and read by its owner alone. relay:STO1, CLI3 */
export async function checkDirectory(dataDir: string): Promise<Finding[]> {
  if (dataDir === ':memory:')
    return [warn(CHECK, 'nothing is kept (:memory:)', 'Set CHAOS_DATA_DIR to a directory unless this is a test.')]
  if (!existsSync(dataDir)) return [ok(CHECK, `${dataDir} is made at the first start`)]
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return [
      fail(
        CHECK,
        `${dataDir} cannot be written by this user`,
        'Run the relay and this command as the user the directory belongs to.',
      ),
    ]
  }
  return [...permissions(dataDir), await space(dataDir)]
}

function permissions(dataDir: string): Finding[] {
  if (process.platform === 'win32') return []
  const open = [dataDir, ...readdirSync(dataDir).map((name) => join(dataDir, name))].filter((path) => isOpen(path))
  if (open.length === 0) return []
  return [fail(CHECK, `others on this machine may read ${open.join(', ')}`, `Run: chmod go-rwx ${open.join(' ')}`)]
}

/** A file that has gone in the meantime is nobody's. */
function isOpen(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && (found.mode & 0o077) !== 0
}

async function space(dataDir: string): Promise<Finding> {
  const free = await diskFreeOf(dataDir)()
  if (free === undefined) return ok(CHECK, dataDir)
  const detail = `${dataDir}, ${Math.floor(free / MIB)} MiB free`
  if (free < NO_SPACE_BYTES) return fail(CHECK, detail, 'Free disk space: nothing can be stored any more.')
  return free < LITTLE_SPACE_BYTES ? warn(CHECK, detail, 'Free disk space soon.') : ok(CHECK, detail)
}
