import { checkNames, type Finding, isIssue } from './model.ts'

export type About = { extension: string; browser: string; at: number }

/**
 * The findings as plain text to show to others: names, outcomes and figures only, whatever stands in the words. client:DOC3, LOG1
 */
export function writeReport({ extension, browser, at }: About, findings: readonly Finding[]): string {
  const relay = findings.find(({ check }) => check === 'reach')?.words?.version
  const ordered = checkNames.flatMap((name) => findings.filter(({ check }) => check === name))
  return [
    `Chaos Relay diagnostics, ${new Date(at).toISOString()}`,
    `extension ${extension}, relay ${versionOf(relay)}, ${browser}`,
    '',
    ...ordered.map(line),
    '',
    verdict(findings.filter(isIssue).length),
  ].join('\n')
}

function line({ check, outcome, code, figures = {}, needs, channels = [] }: Finding): string {
  const found = code.slice(code.indexOf('.') + 1)
  const figured = Object.entries(figures).map(([name, value]) => `${name}=${value}`)
  const listed = channels.map(({ type, state }) => `${type}:${state}`)
  return [outcome.padEnd(4), check.padEnd(13), found, ...(needs ? [`needs ${needs}`] : []), ...figured, ...listed].join(' ')
}

/** A number and nothing else, whatever the relay calls itself. */
function versionOf(said: string | undefined): string {
  return /^\d{1,5}(\.\d{1,5}){1,3}$/.test(said ?? '') ? (said ?? '') : 'unknown'
}

function verdict(issues: number): string {
  return issues === 0 ? 'All checks passed' : `${issues} issue(s) found`
}
