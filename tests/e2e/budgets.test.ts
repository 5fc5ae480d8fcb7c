import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { extensionDirectory } from '../../scripts/setup/paths.mjs'

const KB = 1024
const read = (path: string) => readFileSync(join(extensionDirectory, path), 'utf8')
const gz = (paths: Iterable<string>) => [...paths].reduce((sum, path) => sum + gzipSync(read(path)).length, 0)

/** A script and everything it imports statically: what the browser must load before the first line runs. */
function withImports(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path) || !existsSync(join(extensionDirectory, path))) return seen
  seen.add(path)
  for (const [, specifier = ''] of read(path).matchAll(
    /(?:^|[;\s}])(?:import|export)\s*(?:[^'"();]*?from\s*)?["'](\.{0,2}\/[^"']+)["']/g,
  ))
    withImports(specifier.startsWith('/') ? specifier.slice(1) : join(dirname(path), specifier), seen)
  return seen
}

function ofPage(page: string): Set<string> {
  const html = read(page)
  const files = new Set<string>()
  for (const [, path = ''] of html.matchAll(/(?:src|href)="\/?([^"]+\.(?:js|css))"/g))
    for (const file of withImports(path)) files.add(file)
  return files
}

describe('bundle budgets, gzipped', () => {
  it('the service worker loads at most 30 KB', () => {
    expect(gz(withImports('background.js')) / KB).toBeLessThanOrEqual(30)
  })
  it('the offscreen document loads at most 25 KB', () => {
    expect(gz(ofPage('offscreen.html')) / KB).toBeLessThanOrEqual(25)
  })
  it('the popup’s first paint loads at most 60 KB', () => {
    const files = ofPage('popup.html')
    expect(files.size).toBeGreaterThan(1)
    expect(gz(files) / KB).toBeLessThanOrEqual(60)
  })
  it('nothing is evaluated and nothing remote is loaded', () => {
    const manifest = JSON.parse(read('manifest.json'))
    expect(manifest.host_permissions).toBeUndefined()
    expect(manifest.externally_connectable).toBeUndefined()
    expect(manifest.content_security_policy.extension_pages).toContain("script-src 'self';")
    expect(manifest.content_security_policy.extension_pages).not.toContain('unsafe')
  })
})
