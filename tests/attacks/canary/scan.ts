import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Secret } from './secrets.ts'

/** What somebody could read, and where. */
export type Place = { where: string; bytes: Buffer }

/** Who stands where: `leaks` where no rule puts it, `shown` where one does. */
export function scan(places: readonly Place[], secrets: readonly Secret[]): { leaks: string[]; shown: Set<string> } {
  const leaks = new Set<string>()
  const shown = new Set<string>()
  for (const { where, bytes } of places)
    for (const { name, spellings, mayStand } of secrets) {
      if (!spellings.some((spelling) => bytes.includes(spelling))) continue
      if (mayStand?.test(where)) shown.add(name)
      else leaks.add(`${name} in ${where}`)
    }
  return { leaks: [...leaks].sort(), shown }
}

/** All files below a folder as they lie on the disk. */
export function filesBelow(folder: string): Place[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ where: `file ${relative(folder, path)}`, bytes: readFileSync(path) }))
}
