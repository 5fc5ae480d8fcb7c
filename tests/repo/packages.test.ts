import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(path, 'utf8')
const manifest = JSON.parse(read('package.json'))

describe('packages', () => {
  it('lockfiles name no download hosts', () => {
    for (const file of ['package-lock.json', 'scripts/runtime/package-lock.json'])
      expect(read(file)).not.toMatch(/"resolved":\s*"http/)
  })

  it('every dependency has its reason in docs/dependencies.md', () => {
    const ledger = read('docs/dependencies.md')
    const missing = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      (name) => !ledger.includes(`\`${name}\``),
    )
    expect(missing).toEqual([])
  })

  it('relay:PKG1 the package installs nothing: everything is bundled, so everything is a devDependency', () => {
    expect(manifest.dependencies ?? 'none: move them to devDependencies').toBe('none: move them to devDependencies')
    expect(manifest.private).toBe(true)
  })

  it('every dependency is pinned to one version', () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d/.test(String(version)),
    )
    expect(loose).toEqual([])
  })
})
