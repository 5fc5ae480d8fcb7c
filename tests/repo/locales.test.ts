import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { listFiles } from './sources.ts'

type Forms = string | Record<string, string>

/** Key with dots → text, or its plural forms as `1` and `n` (Japanese and Arabic may have one form for all). */
function texts(file: string): Map<string, Forms> {
  const found = new Map<string, Forms>()
  const walk = (value: unknown, path: string[]): void => {
    if (typeof value !== 'object' || value === null) found.set(path.join('.'), String(value))
    else if ('n' in value) found.set(path.join('.'), value as Record<string, string>)
    else for (const [key, below] of Object.entries(value)) walk(below, [...path, key])
  }
  walk(parse(readFileSync(file, 'utf8')), [])
  return found
}

const filledIn = (text: Forms): string[] => {
  const forms = typeof text === 'string' ? [text] : Object.values(text)
  return [...new Set(forms.flatMap((form) => form.match(/\$\d|\{\w+\}/g) ?? []))].sort()
}

const english = texts('locales/en.yml')
const others = listFiles('locales', /\.yml$/).filter((file) => !file.endsWith('en.yml'))

describe('languages', () => {
  it.each(others)('client:LNG1 %s has every text of the English one, no other, with the same things filled in', (file) => {
    const own = texts(file)
    expect([...english.keys()].filter((key) => !own.has(key))).toEqual([])
    expect([...own.keys()].filter((key) => !english.has(key))).toEqual([])
    const differing = [...own].filter(([key, text]) => filledIn(text).join() !== filledIn(english.get(key) ?? '').join())
    expect(differing).toEqual([])
    expect(
      [...own].filter(([, text]) => Object.values(typeof text === 'string' ? [text] : text).some((form) => !form.trim())),
    ).toEqual([])
  })

  it('client:LNG4 styles know start and end, not left and right', () => {
    const physical =
      /(?:^|[\s;{-])(?:(?:margin|padding|border|inset)-(?:left|right)|left|right)\s*:|(?:text-align|float|clear):\s*(?:left|right)/
    const found = ['lib', 'entrypoints', 'server']
      .flatMap((folder) => listFiles(folder, /\.css$/))
      .flatMap((file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .flatMap((line, at) => (physical.test(line) ? [`${file}:${at + 1} ${line.trim()}`] : [])),
      )
    expect(found).toEqual([])
  })
})
