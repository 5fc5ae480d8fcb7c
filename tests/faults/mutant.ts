import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../scripts/setup/paths.mjs'

const COPIED = [
  'bin',
  'server',
  'lib',
  'entrypoints',
  'locales',
  'public',
  'scripts/build',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'wxt.config.ts',
  'tests/support/relayWithNames.ts',
]

export type Mutation = { name: string; edits: { file: string; from: string; to: string }[] }
export type Mutant = { command: string; withNames: string; extension: string; remove(): void }

/** A copy of the product with a promise broken. Throws when a line to break is not there (any more). */
export function makeMutant({ edits }: Mutation): Mutant {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-mutant-'))
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const { file, from, to } of edits) {
    const path = join(folder, file)
    const source = readFileSync(path, 'utf8')
    if (source.split(from).length !== 2) throw new Error(`${file} does not hold exactly one "${from}": adapt the mutation.`)
    writeFileSync(
      path,
      source.replace(from, () => to),
    )
  }
  const ofExtension = edits.some(({ file }) => file.startsWith('lib/'))
  const ofRelay = edits.some(({ file }) => file.startsWith('server/'))
  if (ofExtension) build(folder)
  return {
    // What is not broken runs from here, where it is compiled already.
    command: join(ofRelay ? folder : root, 'bin', 'chaos-relay.mjs'),
    withNames: join(folder, 'tests', 'support', 'relayWithNames.ts'),
    extension: join(ofExtension ? folder : root, '.output', 'chrome-mv3'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function build(folder: string): void {
  const result = spawnSync(process.execPath, [join(root, 'node_modules/wxt/bin/wxt.mjs'), 'build', '--level', 'warn'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', VITEST: '' },
  })
  if (result.status !== 0) throw new Error(`The mutant does not build:\n${result.stdout}${result.stderr}`)
}
