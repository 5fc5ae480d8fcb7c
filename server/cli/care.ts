import { defineCommand } from 'citty'
import { care } from '../app/care.ts'
import { ConfigError, readConfig } from '../config.ts'
import { StoreOpenFailure } from '../store/openFailure.ts'
import { dataDirFlag } from './flags.ts'

const file = { type: 'positional', description: 'The backup file', required: true } as const

/** Runs with the data directory, says what was done, and ends with 1 and a sentence (2 for a wrong variable) when it was not. */
function withData(given: string | undefined, run: (dataDir: string) => string): void {
  try {
    const config = readConfig(process.env, given === undefined ? {} : { dataDir: given })
    process.stdout.write(`${run(config.dataDir)}\n`)
  } catch (error) {
    if (!(error instanceof StoreOpenFailure || error instanceof ConfigError)) throw error
    process.stderr.write(`chaos-relay: ${error.message}\n`)
    process.exitCode = error instanceof ConfigError ? 2 : 1
  }
}

/** relay:CLI2 */
export const backup = defineCommand({
  meta: { name: 'backup', description: 'Copy the data into a file, also while the relay runs' },
  args: { file, ...dataDirFlag },
  run: ({ args }) =>
    withData(args['data-dir'], (directory) => {
      care.backup(directory, args.file)
      return `The data is in ${args.file}. Keep ${directory}/encryption.key (or CHAOS_ENCRYPTION_KEY) too: bot tokens cannot be read without it.`
    }),
})

/** relay:CLI2 */
export const restore = defineCommand({
  meta: { name: 'restore', description: 'Put a backup in place of the data; the relay must be stopped' },
  args: { file, ...dataDirFlag },
  run: ({ args }) =>
    withData(args['data-dir'], (directory) => {
      care.restore(directory, args.file)
      return `${args.file} is in place. What was there before lies beside it, ending in .before-restore.`
    }),
})

/** relay:STO1 */
export const salvage = defineCommand({
  meta: { name: 'salvage', description: 'Make a new store of everything readable in a damaged one; the relay must be stopped' },
  args: dataDirFlag,
  run: ({ args }) =>
    withData(args['data-dir'], (directory) => {
      const rows = care.salvage(directory).map(({ table, rows }) => `${rows} ${table}`)
      return `Saved ${rows.join(', ')}. The damaged store lies beside it, ending in .damaged.`
    }),
})
