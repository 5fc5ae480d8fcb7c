import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import config from '../../wxt.config.ts'
import { listFiles } from './sources.ts'

const read = (path: string) => readFileSync(path, 'utf8')
const languages = listFiles('locales', /\.yml$/).map((file) => file.slice('locales/'.length, -'.yml'.length))

/** What the manifest asks for. wxt adds the side panel's own, which in Firefox has none. */
async function permissionsIn(browser: 'chrome' | 'firefox'): Promise<string[]> {
  const { manifest } = config
  if (typeof manifest !== 'function') throw new Error('The manifest is not made per browser any more.')
  const made = await manifest({ browser, mode: 'production', command: 'build', manifestVersion: 3 })
  const panel = browser === 'chrome' && existsSync('entrypoints/sidepanel') ? ['sidePanel'] : []
  expect([made.host_permissions, made.optional_host_permissions, made.optional_permissions]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  return [...(made.permissions ?? []).map(String), ...panel].sort()
}

describe('client:STO1 reasons of the permissions', () => {
  it('client:STO1 each has one for people and one for the stores, and there is no other', async () => {
    const asked = await permissionsIn('chrome')
    expect(asked.length).toBeGreaterThan(4)
    const forPeople = [...read('docs/permissions.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
    expect(forPeople.sort()).toEqual(asked)
    const forStores = read('docs/store/permissions.md').split(/^## /m).slice(1)
    expect(forStores.map((part) => part.split('\n')[0]).sort()).toEqual(asked)
    for (const part of forStores) expect(part.length, part).toBeGreaterThan(80)
  })

  it('client:STO1 Firefox is asked for nothing that Chrome is not', async () => {
    const inChrome = await permissionsIn('chrome')
    expect((await permissionsIn('firefox')).filter((name) => !inChrome.includes(name))).toEqual([])
  })
})

describe('what the stores show', () => {
  it.each(languages)('client:STO2 texts in %s are as long as they may be', (language) => {
    const { extension } = parse(read(`locales/${language}.yml`)) as { extension: { name: string; description: string } }
    expect(extension.name.length).toBeLessThanOrEqual(45)
    expect(extension.description.length).toBeLessThanOrEqual(132)
    const description = read(join('docs/store/listing', `${language}.md`))
    expect(description.length).toBeGreaterThan(400)
    expect(description.length).toBeLessThanOrEqual(16_000)
    // It is pasted as it is: no mark-up, which a store would show as signs.
    expect(description).not.toMatch(/^#|\*\*|\]\(|`/m)
  })

  it('client:STO2 pictures have the sizes the stores take, with full colours and no transparency', () => {
    const pictures = listFiles('docs/store/pictures', /\.png$/)
    const sizes = pictures.map((path) => {
      const file = readFileSync(path)
      return `${file.readUInt32BE(16)}x${file.readUInt32BE(20)} ${file[24]} bits, kind ${file[25]}`
    })
    expect(sizes.filter((size) => size === '1280x800 8 bits, kind 2')).toHaveLength(5)
    expect(sizes.filter((size) => size === '440x280 8 bits, kind 2')).toHaveLength(1)
    expect(sizes).toHaveLength(6)
  })

  it('client:STO2 documents name every picture', () => {
    const text = read('docs/store/README.md')
    for (const path of listFiles('docs/store/pictures', /\.png$/)) expect(text).toContain(path.slice('docs/store/'.length))
  })
})
