import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as zod from 'zod/mini'
import * as mini from '../../../lib/schema/mini.ts'
import { buildSchema, type Plan, plans, valuesFor } from './support/schemaPlans.ts'

type Parsed = { success: boolean; data?: unknown; error?: { issues: { code: string; path: PropertyKey[] }[] } }
/** What comes out, or the first thing found wrong: that is what quarantine and doctor tell. */
const read = (schema: { safeParse(value: unknown): unknown }, value: unknown) => {
  const { success, data, error } = schema.safeParse(value) as Parsed
  return success ? { data } : { code: error?.issues[0]?.code, path: error?.issues[0]?.path }
}

const compare = (plan: Plan, value: unknown): void =>
  expect(read(buildSchema(mini as never, plan), value)).toEqual(read(buildSchema(zod, plan), value))

describe('the schemas of the built extension', () => {
  it('client:ARC7 accept, refuse and give back what zod does, whatever is asked of them', () => {
    let accepted = 0
    let refused = 0
    const property = fc.property(
      plans.chain((plan) => fc.tuple(fc.constant(plan), valuesFor(plan))),
      ([plan, value]) => {
        compare(plan, value)
        if (buildSchema(zod, plan).safeParse(value).success) accepted++
        else refused++
      },
    )
    fc.assert(property, { numRuns: 3_000 })
    // Neither side of the comparison is a rare accident.
    expect(accepted).toBeGreaterThan(300)
    expect(refused).toBeGreaterThan(300)
  })

  it('client:ARC7 keep a key named __proto__ out of what they give back', () => {
    const hostile = JSON.parse('{"a":"x","__proto__":{"admin":true}}')
    const text: Plan = { kind: 'string' }
    for (const plan of [{ kind: 'record', of: text } as const, { kind: 'object', shape: { a: text } } as const]) {
      compare(plan, hostile)
      const parsed = buildSchema(mini as never, plan).safeParse(hostile).data as { admin?: boolean } | undefined
      expect(parsed?.admin).toBeUndefined()
    }
  })

  it('client:ARC7 say what was wrong and where when they throw', () => {
    const schema = mini.object({ a: mini.array(mini.number()) })
    expect(() => schema.parse({ a: [1, 'x'] })).toThrowError(/"code":"invalid_type","path":\["a",1\]/)
    expect(schema.parse({ a: [1], more: true })).toEqual({ a: [1] })
  })
})
