import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { citedRules, listFiles } from './sources.ts'

const spec = readFileSync('SPEC.md', 'utf8')
/** Rules that hold now, above the list of those agreed for later. */
const [holding = '', later = ''] = spec.split(/^# Agreed, not built yet$/m)
const idsIn = (text: string) =>
  [...text.matchAll(/^- \*\*((?:relay|client|bus|remote):[A-Z]+\d+)\*\*/gm)].map((match) => match[1] ?? '')

const cited = citedRules(listFiles('tests', /\.test\.tsx?$/))

describe('SPEC.md and the tests', () => {
  it('every rule that holds is proven by a test that cites it', () => {
    const rules = idsIn(holding)
    expect(rules.length).toBeGreaterThan(150)
    expect(rules.filter((id) => !cited.has(id))).toEqual([])
  })

  it('every rule a test cites is in SPEC.md, among those that hold', () => {
    const known = new Set(idsIn(holding))
    expect([...cited.keys()].filter((id) => !known.has(id))).toEqual([])
  })

  it('no rule is listed twice', () => {
    const all = [...idsIn(holding), ...idsIn(later)]
    expect(all.filter((id, index) => all.indexOf(id) !== index)).toEqual([])
  })

  it('every rule that code or documents name exists', () => {
    const known = new Set([...idsIn(holding), ...idsIn(later)])
    const unknown: string[] = []
    for (const file of ['lib', 'server', 'entrypoints', 'docs'].flatMap((folder) => listFiles(folder, /\.(tsx?|md|yaml)$/)))
      for (const id of readFileSync(file, 'utf8').match(/\b(?:relay|client):[A-Z]{2,4}\d+\b/g) ?? [])
        if (!known.has(id)) unknown.push(`${file}: ${id}`)
    expect(unknown).toEqual([])
  })
})
