import { defineCommand, runMain } from 'citty'
import { serve } from './cli/serve.ts'
import { VERSION } from './version.ts'

const main = defineCommand({
  meta: { name: 'chaos-relay', version: VERSION, description: 'Relay between chat platforms and your browser' },
  default: 'serve',
  subCommands: { serve },
})

await runMain(main)
