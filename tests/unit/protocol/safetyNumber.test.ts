import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safetyNumber } from '../../../lib/relay/safetyNumber.ts'

const fingerprint = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 16, maxLength: 16 })
  .map((groups) => groups.map((group) => group.toString(16).padStart(4, '0')).join(' '))

/** The rule once more, by whole numbers of any size. client:SAF1 */
function byTheRule(fingerprints: string[]): string {
  const halves = fingerprints.map((one) => {
    const hash = createHash('sha512')
      .update(`chaos-relay safety number 1\n${one.replaceAll(' ', '')}`)
      .digest('hex')
    return [0, 1, 2, 3, 4, 5].map((group) =>
      (BigInt(`0x${hash.slice(group * 10, group * 10 + 10)}`) % 100_000n).toString().padStart(5, '0'),
    )
  })
  return halves
    .map((half) => half.join(' '))
    .sort()
    .join(' ')
}

describe('safety numbers', () => {
  it('client:SAF1 known keys have a known number', async () => {
    const relay = '7c1e 04d9 b23f 8a60 51cd e7f4 90b8 3d12 6fa5 c8e1 0b97 42d3 fe60 198c a4b7 5d2e'
    const own = 'e40b 77a9 1c58 d3f2 6690 ab14 f07d 25c3 8e1b 4f92 c06a 73d8 19e5 b8d4 502f a6c7'
    expect(await safetyNumber(own, relay)).toBe('16095 36111 82610 41686 98516 30817 54569 78412 42816 88785 85692 86305')
  })

  it('client:SAF1 60 digits in 12 groups, by the rule, the same from both sides, another for another key', async () => {
    await fc.assert(
      fc.asyncProperty(fingerprint, fingerprint, fingerprint, async (one, other, third) => {
        fc.pre(new Set([one, other, third]).size === 3)
        const number = await safetyNumber(one, other)
        expect(number).toMatch(/^\d{5}( \d{5}){11}$/)
        expect(number).toBe(byTheRule([one, other]))
        expect(await safetyNumber(other, one)).toBe(number)
        expect(await safetyNumber(one, third)).not.toBe(number)
      }),
      { numRuns: 200 },
    )
  })
})
