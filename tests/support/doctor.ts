import { expect } from 'vitest'
import { examine } from '../../server/app/doctor/examine.ts'
import type { Finding } from '../../server/app/doctor/finding.ts'

export type Examined = { findings: Finding[]; of(check: string): Finding[]; text: string }

/** The doctor in this process, which may also hold the relay. `env` is all it knows; `fetch` goes nowhere but to this machine. */
export async function examineAll(env: Record<string, string>, given: { now?: () => number } = {}): Promise<Examined> {
  const findings: Finding[] = []
  for await (const finding of examine({ env, overrides: {}, fetch, now: given.now ?? Date.now })) findings.push(finding)
  return {
    findings,
    of: (check) => findings.filter((finding) => finding.check === check),
    text: JSON.stringify(findings),
  }
}

/** What a check is expected to say. */
export const says = (outcome: Finding['outcome'], detail: RegExp, fix?: RegExp) => ({
  outcome,
  detail: expect.stringMatching(detail),
  ...(fix && { fix: expect.stringMatching(fix) }),
})
