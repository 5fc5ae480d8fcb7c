import { mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const IN_MEMORY = '/dev/shm'
/** Below this the machine needs its memory for other things; containers often have 64 MiB there. */
const ENOUGH_BYTES = 2 * 1024 ** 3

/** A fresh folder for a browser's profile, in memory where there is room: browsers write tens of megabytes of no interest at each start. */
export function makeProfileFolder(): string {
  return mkdtempSync(join(hasRoom(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'chaos-profile-'))
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize > ENOUGH_BYTES
  } catch {
    return false
  }
}
