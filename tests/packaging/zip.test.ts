import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeTroubles } from '../../scripts/build/storeRules.ts'
import { copyRepository } from '../support/repositoryCopy.ts'

type Copy = ReturnType<typeof copyRepository>

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const zipIn = (folder: string) => join(folder, '.output', `chaos-relay-${version}-chrome.zip`)

let here: Copy
let elsewhere: Copy
beforeAll(() => {
  here = copyRepository()
  elsewhere = copyRepository()
})
afterAll(() => {
  here.remove()
  elsewhere.remove()
})

const start = (args: string[], cwd: string, env: Record<string, string>) =>
  spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } })

/** `npm run zip`, from a shell that says something of its own about builds. */
const zipHere = () => start(['scripts/bootstrap.mjs', 'zip'], here.folder, { NODE_ENV: 'development' })
const zipElsewhere = (env: Record<string, string> = {}) =>
  start(['node_modules/wxt/bin/wxt.mjs', 'zip'], elsewhere.folder, { NODE_ENV: 'production', VITEST: '', ...env })

describe('the package for the stores', () => {
  it('client:STO3 has the same bytes, made in another folder, time zone and language', () => {
    const [one, other] = [zipHere(), zipElsewhere({ TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' })]
    expect([one.status, other.status], one.stderr + other.stderr).toEqual([0, 0])
    const bytes = readFileSync(zipIn(here.folder))
    expect(bytes.length).toBeGreaterThan(100_000)
    expect(readFileSync(zipIn(elsewhere.folder)).equals(bytes)).toBe(true)
  }, 120_000)

  it('client:STO1, STO3 holds what was checked: these permissions, no host, nothing a store refuses', () => {
    const built = join(here.folder, '.output/chrome-mv3')
    const manifest = JSON.parse(readFileSync(join(built, 'manifest.json'), 'utf8'))
    const reasons = [...readFileSync('docs/permissions.md', 'utf8').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
    expect(manifest.permissions.toSorted()).toEqual(reasons.sort())
    expect([manifest.host_permissions, manifest.externally_connectable, manifest.update_url]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(storeTroubles(built)).toEqual([])
  })

  it('client:STO3 is not made when a script would evaluate text', () => {
    rmSync(zipIn(elsewhere.folder))
    writeFileSync(join(elsewhere.folder, 'public', 'helper.js'), 'export const run = (text) => eval(text)')
    const refused = zipElsewhere()
    expect(refused.status).not.toBe(0)
    expect(refused.stdout + refused.stderr).toContain('helper.js: evaluates text as code')
    expect(existsSync(zipIn(elsewhere.folder))).toBe(false)
  }, 120_000)
})

describe('what a store refuses', () => {
  const planted: [file: string, text: string, says: string][] = [
    ['a.js', 'x=new Function("return 1")', 'evaluates text as code'],
    ['b.js', 'globalThis.x=Function("return this")()', 'evaluates text as code'],
    ['c.js', 'setTimeout("go()",5)', 'starts a timer with text'],
    ['d.js', 'await import("https://cdn.example/x.js")', 'loads code from elsewhere'],
    ['e.js', 'importScripts("//cdn.example/x.js")', 'loads code from elsewhere'],
    ['f.js', '//# sourceMappingURL=f.js.map', 'names a source map'],
    ['f.js.map', '{}', 'does not belong'],
    ['g.html', '<script src="https://cdn.example/x.js"></script>', 'loads something from elsewhere'],
    ['h.html', '<script>go()</script>', 'holds a script in the page'],
    ['i.html', '<body onload="go()">', 'holds a handler in the page'],
    ['j.css', '@import "https://cdn.example/x.css"', 'loads something from elsewhere'],
    ['k.css', 'a{background:url(//cdn.example/x.png)}', 'loads something from elsewhere'],
    ['l.ts', 'export {}', 'does not belong'],
  ]

  it('client:STO3 is named with its file, and nothing else is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chaos-refused-'))
    try {
      mkdirSync(join(folder, 'chunks'))
      for (const [file, text] of planted) writeFileSync(join(folder, 'chunks', file), text)
      writeFileSync(
        join(folder, 'fine.js'),
        'const medieval=(t)=>t;medieval("x");setTimeout(()=>1,5);import("./chunks/a.js");Function.prototype;"https://x.example"',
      )
      writeFileSync(
        join(folder, 'fine.html'),
        '<script type="module" src="/a.js"></script><link href="/a.css"><a href="https://x.example">x</a>',
      )
      const told = storeTroubles(folder)
      expect(told).toHaveLength(planted.length)
      for (const [file, , says] of planted) expect(told.join('\n')).toContain(`${join('chunks', file)}: ${says}`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
