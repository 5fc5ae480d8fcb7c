import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** All files below a folder whose path matches, in order. */
export function listFiles(folder: string, matches: RegExp): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => matches.test(path))
    .sort()
}

/** String literals that begin with a rule id: titles of tests, also those kept in tables. */
const CITATION = /(['"`])((?:relay|client|bus|remote):[A-Z]{2,4}\d+[^\n]*?)\1/g

/** Rule id → files whose test titles cite it. `relay:SIG1, SIG2` and `relay:SIG1-SIG3` cite each. */
export function citedRules(files: string[]): Map<string, string[]> {
  const cited = new Map<string, string[]>()
  for (const file of files)
    for (const [, , title = ''] of readFileSync(file, 'utf8').matchAll(CITATION))
      for (const id of idsOf(title)) cited.set(id, [...(cited.get(id) ?? []), file])
  return cited
}

function idsOf(title: string): string[] {
  const ids: string[] = []
  for (const [, document = '', list = ''] of title.matchAll(
    /\b(relay|client|bus|remote):([A-Z]{2,4}\d+(?:(?:\s*[,/+&-]\s*|\s+and\s+)[A-Z]{2,4}\d+)*)/g,
  ))
    for (const [, from = '', to] of list.matchAll(/([A-Z]{2,4}\d+)(?:\s*-\s*([A-Z]{2,4}\d+))?/g))
      ids.push(...range(from, to).map((id) => `${document}:${id}`))
  return ids
}

function range(from: string, to: string | undefined): string[] {
  const [, prefix = '', first = '0'] = /^([A-Z]+)(\d+)$/.exec(from) ?? []
  const last = to === undefined ? first : (/\d+$/.exec(to)?.[0] ?? first)
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `${prefix}${Number(first) + index}`)
}
