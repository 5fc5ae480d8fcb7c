import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as mini from '../../lib/schema/mini.ts'
import { listFiles } from './sources.ts'

/** Read by the relay alone, which a boundary sees to: these may use all of zod. */
const RELAY_ONLY = ['lib/protocol/requests.ts']

/** Names of zod that are types only. */
const TYPES = ['infer', 'input', 'output', 'ZodMiniType']

describe('schemas of the extension', () => {
  it('use no function of zod/mini that lib/schema/mini.ts lacks', () => {
    const used = listFiles('lib', /\.tsx?$/).flatMap((path) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes("from 'zod/mini'") || RELAY_ONLY.includes(path)) return []
      return [...text.matchAll(/\bz\.(\w+)/g)].map(([, name = '']) => ({ path, name }))
    })
    expect(used.length).toBeGreaterThan(300)
    expect(used.filter(({ name }) => !TYPES.includes(name) && !(name in mini))).toEqual([])
  })

  it('come from zod/mini alone, by the name z', () => {
    const others = listFiles('lib', /\.tsx?$/).filter((path) =>
      [...readFileSync(path, 'utf8').matchAll(/^import .*'zod.*$/gm)].some(
        ([line]) => !/^import (type )?\* as z from 'zod\/mini'$/.test(line),
      ),
    )
    expect(others).toEqual([])
  })
})
