import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../../scripts/setup/paths.mjs'

/** The extension as users load it, built once in a run, before the first test. CHAOS_KEEP_BUILD=1 keeps what is there. */
export default function buildOnce(): void {
  if (process.env.CHAOS_KEEP_BUILD === '1') return
  const result = spawnSync(process.execPath, [join(root, 'node_modules/wxt/bin/wxt.mjs'), 'build', '--level', 'warn'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', VITEST: '' },
  })
  if (result.status !== 0) throw new Error(`The extension does not build:\n${result.stdout}${result.stderr}`)
  process.env.CHAOS_KEEP_BUILD = '1'
}
