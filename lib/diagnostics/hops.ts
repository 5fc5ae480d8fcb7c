import { type CheckName, type Finding, isIssue, type Outcome } from './model.ts'

export const hopNames = ['browser', 'network', 'relay', 'channels'] as const
export type HopName = (typeof hopNames)[number]

const HOP_OF: Record<CheckName, HopName> = {
  storage: 'browser',
  address: 'browser',
  key: 'browser',
  clock: 'browser',
  background: 'browser',
  space: 'browser',
  notifications: 'browser',
  reach: 'network',
  features: 'relay',
  pin: 'relay',
  token: 'relay',
  socket: 'relay',
  channels: 'channels',
}

export type Hop = { name: HopName; outcome: Outcome; worst: Finding | undefined }

const RANK: readonly Outcome[] = ['fail', 'warn', 'skip', 'ok']

/** The stations of a message, each as bad as the worst of its checks. `undefined` until all of them are made. client:DOC2 */
export function hopsOf(findings: readonly Finding[]): Hop[] {
  return hopNames.map((name) => {
    const own = findings.filter(({ check }) => HOP_OF[check] === name)
    const worst = own.toSorted((a, b) => RANK.indexOf(a.outcome) - RANK.indexOf(b.outcome))[0]
    // What could not be tried in one station because of another is no trouble of its own, unless nothing else is known.
    const outcome = own.some(isIssue) ? (worst?.outcome ?? 'skip') : own.some(({ outcome }) => outcome === 'ok') ? 'ok' : 'skip'
    return { name, outcome, worst: worst && isIssue(worst) ? worst : undefined }
  })
}

/** The first station at which messages stop, with what stops them there. */
export function breakOf(findings: readonly Finding[]): { hop: HopName; finding: Finding } | undefined {
  const hop = hopsOf(findings).find(({ outcome }) => outcome === 'fail')
  return hop?.worst && { hop: hop.name, finding: hop.worst }
}
