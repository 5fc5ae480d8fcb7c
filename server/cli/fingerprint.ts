import { defineCommand } from 'citty'
import { readFingerprint, readSafetyNumber, type SafetyAnswer } from '../app/fingerprint.ts'
import { readConfig } from '../config.ts'
import { dataDirFlag } from './flags.ts'

/** Of a userId, as many characters as the extension shows. */
const LEAST_OF_USER_ID = 8

/**
 * `chaos-relay fingerprint`: what people compare with the page that asks them to trust a new key; with `--session`, the safety number of one
 * session. client:PIN6, REC6, SAF5
 */
export const fingerprint = defineCommand({
  meta: { name: 'fingerprint', description: "Print the fingerprint of this relay's key, or the safety number of a session" },
  args: {
    ...dataDirFlag,
    session: {
      type: 'string',
      description: 'Print the safety number of this session instead, to compare with its Security page',
      valueHint: 'userId, or its first 8 characters',
    },
  },
  run({ args }) {
    const { dataDir } = readConfig(process.env, args['data-dir'] === undefined ? {} : { dataDir: args['data-dir'] })
    const found = readFingerprint(dataDir)
    if (found === undefined) refuse(`no relay has kept its data in ${dataDir} yet. Name the directory with --data-dir.`)
    else if (args.session === undefined) process.stdout.write(`${found}\n`)
    else if (args.session.length < LEAST_OF_USER_ID)
      refuse(`--session takes a userId or at least its first ${LEAST_OF_USER_ID} characters, as the Security page shows them.`)
    else tell(readSafetyNumber(dataDir, found, args.session))
  },
})

function tell(answer: SafetyAnswer): void {
  switch (answer.state) {
    case 'found':
      // Four groups a line, as the page shows them.
      process.stdout.write(answer.number.replaceAll(/((?:\d{5} ){3}\d{5}) ?/g, '$1\n'))
      return
    case 'unknown':
      refuse('no session begins like that. Read it from the Security page of the extension.')
      return
    case 'several':
      refuse('several sessions begin like that. Give the whole userId.')
      return
    case 'keyless':
      refuse('this session has no signing key, so there is nothing to compare.')
  }
}

function refuse(reason: string): void {
  process.stderr.write(`chaos-relay: ${reason}\n`)
  process.exitCode = 1
}
