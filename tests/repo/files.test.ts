import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { listFiles } from './sources.ts'

const code = ['lib', 'server', 'entrypoints', 'scripts']
  .flatMap((folder) => listFiles(folder, /\.(tsx?|mjs)$/))
  .filter((path) => !path.includes('node_modules'))
const tests = listFiles('tests', /\.tsx?$/)
const filledLines = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '').length

describe('files', () => {
  it('are small: none over 300 lines, the median under 80', () => {
    const sizes = code.map((path) => ({ path, lines: filledLines(path) })).sort((a, b) => a.lines - b.lines)
    expect(sizes.filter(({ lines }) => lines > 300)).toEqual([])
    expect(sizes[Math.floor(sizes.length / 2)]?.lines).toBeLessThan(80)
    expect(tests.filter((path) => filledLines(path) > 300)).toEqual([])
  })

  it('hold no mutable state at module level, because a worker may die after any line', () => {
    const mutable = code
      .filter((path) => /^(lib|server)\//.test(path))
      .flatMap((path) => (/^(export )?let /m.test(readFileSync(path, 'utf8')) ? [path] : []))
    expect(mutable).toEqual([])
  })

  it('skip and focus no test', () => {
    const focused = tests.filter((path) => /\b(it|test|describe)(\.[a-z]+)*\.(skip|todo|only)\b/.test(readFileSync(path, 'utf8')))
    expect(focused).toEqual([])
  })
})
