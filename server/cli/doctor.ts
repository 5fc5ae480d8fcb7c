import { defineCommand } from 'citty'
import { examine } from '../app/doctor/examine.ts'
import type { Finding } from '../app/doctor/finding.ts'
import { overridesOf, serveFlags } from './flags.ts'

const WORDS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL', skip: 'skip' } as const
const { 'accept-key-loss': _, ...where } = serveFlags

/** `chaos-relay doctor`: one line per check; 1 if one failed. relay:CLI3 */
export const doctor = defineCommand({
  meta: {
    name: 'doctor',
    description: 'Check what the relay needs, also while it runs; give it the flags and variables of the relay',
  },
  args: { ...where, json: { type: 'boolean', description: 'For programs' } },
  async run({ args }) {
    const findings: Finding[] = []
    for await (const finding of examine({ env: process.env, overrides: overridesOf(args), fetch, now: Date.now })) {
      findings.push(finding)
      if (!args.json) process.stdout.write(`${line(finding)}\n`)
    }
    const issues = findings.filter(({ outcome }) => outcome === 'fail').length
    if (args.json) process.stdout.write(`${JSON.stringify({ issues, findings })}\n`)
    else process.stdout.write(issues === 0 ? 'All checks passed\n' : `${issues} issue(s) found\n`)
    // Connections to platforms may be kept open; there is nothing left to wait for.
    process.exit(issues === 0 ? 0 : 1)
  },
})

/** One line, whatever a platform put into its words. */
function line({ check, outcome, detail, fix }: Finding): string {
  return `${WORDS[outcome]}  ${check}: ${detail}${fix === undefined ? '' : `. ${fix}`}`
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/\.\. /g, '. ')
}
