import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from './npm.mjs'
import { runtimeDirectory } from './paths.mjs'

/** The relay runs TypeScript unbuilt and uses node:sqlite: both are stable from here on. */
const MINIMUM_MAJOR = 24

/** The path of a Node that is new enough: this one, or a locked binary installed beside the scripts. */
export function pickNode() {
  if (Number(process.versions.node.split('.')[0]) >= MINIMUM_MAJOR) return process.execPath
  const bundled = join(runtimeDirectory, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
  if (!existsSync(bundled)) {
    console.log(
      `• Node ${process.versions.node} is older than ${MINIMUM_MAJOR}: fetching a newer one, used only inside this folder`,
    )
    npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], runtimeDirectory)
  }
  const check = existsSync(bundled) ? spawnSync(bundled, ['--version'], { encoding: 'utf8' }) : undefined
  if (check?.status === 0) return bundled
  throw new Error(
    `Chaos Relay needs Node ${MINIMUM_MAJOR} or newer, and none is packaged for ${process.platform} ${process.arch}. Install it from nodejs.org and run this again.`,
  )
}
