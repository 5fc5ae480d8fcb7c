import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from './npm.mjs'
import { root } from './paths.mjs'

/** Installs exactly what package-lock.json names, once per lockfile and platform. */
export function installDependencies() {
  const stampFile = join(root, 'node_modules', '.bootstrap-stamp')
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  console.log('• Installing the locked dependencies (about 20 seconds, only when they changed)')
  npm(['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], root)
  writeFileSync(stampFile, stamp)
}
