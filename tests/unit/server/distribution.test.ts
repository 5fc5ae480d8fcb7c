import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDistribution } from '../../../server/metrics/distribution.ts'

describe('a distribution', () => {
  it('relay:MET2 says how many values were at most as large as each bound', () => {
    const bounds = [1, 2, 5]
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 10, noNaN: true })), (values) => {
        const distribution = createDistribution({ name: 'n', help: 'h', bounds })
        for (const value of values) distribution.observe(value)
        const { upTo, count, sum } = distribution.read()
        expect(upTo).toEqual(bounds.map((bound) => values.filter((value) => value <= bound).length))
        expect([count, sum]).toEqual([values.length, values.reduce((total, value) => total + value, 0)])
      }),
    )
  })
})
