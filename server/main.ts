import { defineCommand, runMain } from 'citty'
import { VERSION } from './version.ts'

/** Each command brings along only what it needs: `status` does not load the relay. */
const main = defineCommand({
  meta: { name: 'chaos-relay', version: VERSION, description: 'Relay between chat platforms and your browser' },
  subCommands: {
    serve: () => import('./cli/serve.ts').then(({ serve }) => serve),
    start: () => import('./cli/daemon.ts').then(({ start }) => start),
    stop: () => import('./cli/daemon.ts').then(({ stop }) => stop),
    restart: () => import('./cli/daemon.ts').then(({ restart }) => restart),
    status: () => import('./cli/status.ts').then(({ status }) => status),
    doctor: () => import('./cli/doctor.ts').then(({ doctor }) => doctor),
    extension: () => import('./cli/extension.ts').then(({ extension }) => extension),
    fingerprint: () => import('./cli/fingerprint.ts').then(({ fingerprint }) => fingerprint),
    backup: () => import('./cli/care.ts').then(({ backup }) => backup),
    restore: () => import('./cli/care.ts').then(({ restore }) => restore),
    salvage: () => import('./cli/care.ts').then(({ salvage }) => salvage),
  },
})

/** Flags of the command itself; all others belong to `serve`, the default. relay:CLI1 */
const OWN_FLAGS = new Set(['--help', '-h', '--version', '-v'])

const given = process.argv.slice(2)
const first = given[0]
const named = first !== undefined && (!first.startsWith('-') || OWN_FLAGS.has(first))
await runMain(main, { rawArgs: named ? given : ['serve', ...given] })
