import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { approvalHash } from '#protocol/approval.ts'
import { canonicalJson } from '#protocol/canonicalJson.ts'

/** The same value with its members put in the other way round, at every depth. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  )
}

describe('canonical JSON', () => {
  it('relay:APV1 writes numbers, strings and members as RFC 8785 says', () => {
    const numbers = JSON.parse('[333333333.33333329,1e30,4.50,2e-3,0.000000000000000000000000001,-0]')
    expect(canonicalJson(numbers)).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]')
    expect(canonicalJson('\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"\u002f')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"')
    const names = { '\u20ac': 'Euro', '\r': 'CR', '\ufb33': 'Dagesh', '1': 'One', '\ud83d\ude00': 'Smile', '\u0080': 'C', ö: 'o' }
    expect(canonicalJson(names)).toBe('{"\\r":"CR","1":"One","\u0080":"C","ö":"o","€":"Euro","😀":"Smile","\ufb33":"Dagesh"}')
    expect(canonicalJson({ b: [{ z: null, a: true }], a: {} })).toBe('{"a":{},"b":[{"a":true,"z":null}]}')
  })

  it('relay:APV1 is the same for equal values whatever their order, is JSON of that value, and settles at once', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(reversed(value))).toBe(text)
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(canonicalJson(JSON.parse(text)))))
        expect(canonicalJson(JSON.parse(text))).toBe(text)
        expect(canonicalJson(JSON.parse(JSON.stringify(value)))).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('relay:APV4 different values have different texts', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const same = canonicalJson(one) === canonicalJson(other)
        expect(same).toBe(isEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other))))
      }),
      { numRuns: 1000 },
    )
    const near = [
      { a: 1 },
      { a: '1' },
      { a: [1] },
      { a: { 0: 1 } },
      { a: 1, b: null },
      { a: null },
      {},
      [],
      '',
      null,
      0,
      false,
      '{}',
    ]
    expect(new Set(near.map(canonicalJson)).size).toBe(near.length)
  })

  it('relay:APV4 refuses what JSON cannot hold instead of leaving it out', () => {
    for (const value of [undefined, { a: undefined }, [undefined], Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, Symbol('x')])
      expect(() => canonicalJson(value)).toThrow(TypeError)
  })

  it('relay:APV1 the hash is SHA-256 of that text over action and args', async () => {
    const text = '{"action":"files.delete","args":{"path":"/tmp/ö","recursive":true}}'
    const expected = createHash('sha256').update(text).digest('hex')
    expect(await approvalHash('files.delete', { recursive: true, path: '/tmp/ö' })).toBe(expected)
    expect(await approvalHash('files.delete', { recursive: false, path: '/tmp/ö' })).not.toBe(expected)
    expect(await approvalHash('files.delete2', { recursive: true, path: '/tmp/ö' })).not.toBe(expected)
  })
})

/** Equality of JSON values, spelled out apart from what is tested. */
function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every(
    (name) =>
      Object.hasOwn(other, name) && isEqual((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
  )
}
