import { defineCommand } from 'citty'
import { readFingerprint } from '../app/fingerprint.ts'
import { readConfig } from '../config.ts'
import { dataDirFlag } from './flags.ts'

/** `chaos-relay fingerprint`: what people compare with the page that asks them to trust a new key. client:PIN6, REC6 */
export const fingerprint = defineCommand({
  meta: { name: 'fingerprint', description: "Print the fingerprint of this relay's key" },
  args: dataDirFlag,
  run({ args }) {
    const { dataDir } = readConfig(process.env, args['data-dir'] === undefined ? {} : { dataDir: args['data-dir'] })
    const found = readFingerprint(dataDir)
    if (found !== undefined) {
      process.stdout.write(`${found}\n`)
      return
    }
    process.stderr.write(`chaos-relay: no relay has kept its data in ${dataDir} yet. Name the directory with --data-dir.\n`)
    process.exitCode = 1
  },
})
