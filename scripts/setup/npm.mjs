import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/**
 * Runs npm in a folder and throws with its output when it fails. Uses the Node that npm itself was started with: a script's own Node may
 * be the one that `npm ci` is about to delete.
 */
export function npm(args, cwd) {
  const [command, first] = findNpm()
  const result = spawnSync(command, [...first, ...args], {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32' && first.length === 0,
    env: { ...process.env, PUPPETEER_SKIP_DOWNLOAD: '1', NODE_ENV: '' },
  })
  if (result.status === 0) return
  throw new Error(`npm ${args[0]} failed:\n${result.error?.message ?? `${result.stdout}${result.stderr}`}`)
}

function findNpm() {
  if (process.env.npm_execpath) return [process.env.npm_node_execpath ?? process.execPath, [process.env.npm_execpath]]
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const link = join(folder, 'npm')
    if (existsSync(link) && realpathSync(link).endsWith('npm-cli.js')) return [join(dirname(link), 'node'), [realpathSync(link)]]
  }
  return ['npm', []]
}
