import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { extensionDirectory } from '../../scripts/setup/paths.mjs'

const STATIC_IMPORT = /(?:^|[;\s}])(?:import|export)\s*(?:[^'"();]*?from\s*)?["'](\.{0,2}\/[^"']+)["']/g

export const readBuilt = (path: string) => readFileSync(join(extensionDirectory, path), 'utf8')

/** A script and everything it imports statically: what the browser must load before the first line runs. */
export function withImports(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path) || !existsSync(join(extensionDirectory, path))) return seen
  seen.add(path)
  for (const [, specifier = ''] of readBuilt(path).matchAll(STATIC_IMPORT))
    withImports(specifier.startsWith('/') ? specifier.slice(1) : join(dirname(path), specifier), seen)
  return seen
}

export function ofPage(page: string): Set<string> {
  const files = new Set<string>()
  for (const [, path = ''] of readBuilt(page).matchAll(/(?:src|href)="\/?([^"]+\.(?:js|css))"/g))
    for (const file of withImports(path)) files.add(file)
  return files
}

export const gzipped = (paths: Iterable<string>) => [...paths].reduce((sum, path) => sum + gzipSync(readBuilt(path)).length, 0)

/** What each context loads at its start, bytes. */
export const gzippedSizes = () => [
  { name: 'service worker', bytes: gzipped(withImports('background.js')), files: withImports('background.js').size },
  { name: 'offscreen document', bytes: gzipped(ofPage('offscreen.html')), files: ofPage('offscreen.html').size },
  { name: 'popup, first paint', bytes: gzipped(ofPage('popup.html')), files: ofPage('popup.html').size },
  { name: 'options', bytes: gzipped(ofPage('options.html')), files: ofPage('options.html').size },
]
