import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../scripts/setup/paths.mjs'

/** What git knows, or would take, by its path; of `patterns` only, if there are any. */
export function repositoryFiles(patterns: readonly string[] = []): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns]
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim().split('\n')
}

/** Copies files to another folder, and gives it what `npm ci` would bring: a folder of links, so that nothing done to it can reach our own. */
export function copyTo(folder: string, files: readonly string[]): void {
  for (const file of files) cpSync(join(root, file), join(folder, file))
  const modules = join(root, 'node_modules')
  mkdirSync(join(folder, 'node_modules'))
  for (const name of readdirSync(modules)) symlinkSync(join(modules, name), join(folder, 'node_modules', name))
}

/** The whole repository in a folder of its own, for builds: those of this one are used by other tests meanwhile. */
export function copyRepository() {
  const folder = mkdtempSync(join(tmpdir(), 'chaos another folder-'))
  // Pictures are in no build and no package.
  copyTo(
    folder,
    repositoryFiles().filter((file) => !file.endsWith('.png') || file.startsWith('public/')),
  )
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
