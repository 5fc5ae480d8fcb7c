import { defineCommand, runMain } from 'citty'
import { backup, restore, salvage } from './cli/care.ts'
import { extension } from './cli/extension.ts'
import { fingerprint } from './cli/fingerprint.ts'
import { serve } from './cli/serve.ts'
import { VERSION } from './version.ts'

const main = defineCommand({
  meta: { name: 'chaos-relay', version: VERSION, description: 'Relay between chat platforms and your browser' },
  subCommands: { serve, extension, fingerprint, backup, restore, salvage },
})

/** Flags of the command itself; all others belong to `serve`, the default. relay:CLI1 */
const OWN_FLAGS = new Set(['--help', '-h', '--version', '-v'])

const given = process.argv.slice(2)
const first = given[0]
const named = first !== undefined && (!first.startsWith('-') || OWN_FLAGS.has(first))
await runMain(main, { rawArgs: named ? given : ['serve', ...given] })
